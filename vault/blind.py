"""Blind indexes: to find what is sealed, by keyed hashes that mean nothing outside the clinic."""

import hmac
import re
import unicodedata
from hashlib import sha256
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from vault import keys
from vault.tags import INDEX_KINDS

INDEX_BYTES: Final = 16
SHORTEST: Final = 2
LONGEST: Final = 4
# Letters that no decomposition turns into plain ones, though people search for them so.
PLAIN_LETTERS: Final = str.maketrans(
    {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i", "ħ": "h"}
)
APOSTROPHES: Final = re.compile("['’ʼ`´]")
WORD: Final = re.compile(r"[^\W_]+")


def blind_index(kind: str, normalised: str) -> bytes:
    """The same for the same text of a kind in this clinic; 16 bytes."""
    return _hmac(kind, normalised)[:INDEX_BYTES]


def name_tokens(*names: str) -> set[int]:
    """A name as it is found: the first 2, 3 and 4 letters of each of its words, hashed to 16 bits."""
    prefixes = {prefix for name in names for word in name_words(name) for prefix in _prefixes(word)}
    return _tokens(prefixes)


def query_tokens(text: str) -> set[int]:
    """All must be among a name's tokens for the text to find it; empty when there is nothing to look for."""
    return _tokens({word[:LONGEST] for word in spoken_words(text)})


def query_token(prefix: str) -> int | None:
    """The token of one word's beginning; None when it has no letter."""
    words = spoken_words(prefix)
    return next(iter(_tokens({words[0][:LONGEST]}))) if words else None


def fold(text: str) -> str:
    """Without case and accents, as people type when they search."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFC", text).casefold())
    plain = "".join(each for each in decomposed if not unicodedata.combining(each))
    return plain.translate(PLAIN_LETTERS)


def spoken_words(text: str) -> list[str]:
    """The words of a query: O'Brien is looked for as obrien."""
    return WORD.findall(APOSTROPHES.sub("", fold(text)))


def name_words(name: str) -> set[str]:
    """The words under which a name is found: O'Brien as obrien and as brien."""
    folded = fold(name)
    return {*WORD.findall(APOSTROPHES.sub("", folded)), *WORD.findall(folded)}


def _prefixes(word: str) -> set[str]:
    # A word of one letter is a whole name in some languages; it is found by itself.
    return {word[:length] for length in range(SHORTEST, LONGEST + 1)}


def _tokens(prefixes: set[str]) -> set[int]:
    return {int.from_bytes(_hmac("name", prefix)[:2], "big") for prefix in prefixes}


def _hmac(kind: str, text: str) -> bytes:
    info = f"bidx/{INDEX_KINDS[kind]}".encode("ascii")
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(keys.index_key().secret)
    return hmac.digest(key, text.encode(), sha256)
