"""Anchors: the heads of all chains, signed, outside the database. They make a cut tail and a rewritten chain visible.

One JSON object a line: `at`, `heads` (clinic uid → [seq, hash]), `root` (Merkle root over the sorted heads) and
`signature` (Ed25519 over root and time).
"""

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from audit.verify import Known

Heads = Mapping[str, tuple[int, bytes]]


class AnchorForged(ValueError):
    """A line's signature or root does not fit."""


def load_or_make_key(path: Path) -> Ed25519PrivateKey:
    """The signing key, 0600; its public half is kept beside it as `<name>.pub`."""
    if path.exists():
        key = load_pem_private_key(path.read_bytes(), password=None)
        if not isinstance(key, Ed25519PrivateKey):
            raise AnchorForged(f"{path} holds no Ed25519 key")
        return key
    made = Ed25519PrivateKey.generate()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    public = made.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    path.with_name(f"{path.name}.pub").write_bytes(public)
    return made


def load_public_key(path: Path) -> Ed25519PublicKey:
    key = load_pem_public_key(path.read_bytes())
    if not isinstance(key, Ed25519PublicKey):
        raise AnchorForged(f"{path} holds no Ed25519 key")
    return key


def merkle_root(heads: Heads) -> bytes:
    """SHA-256 tree over the sorted heads; an odd node is carried up as it is."""
    leaves = [
        hashlib.sha256(b"\0" + f"{clinic}:{seq}:".encode() + head).digest()
        for clinic, (seq, head) in sorted(heads.items())
    ]
    if not leaves:
        return hashlib.sha256(b"").digest()
    while len(leaves) > 1:
        pairs = [leaves[at : at + 2] for at in range(0, len(leaves), 2)]
        leaves = [
            hashlib.sha256(b"\1" + b"".join(pair)).digest() if len(pair) == 2 else pair[0] for pair in pairs
        ]
    return leaves[0]


def append(file: Path, key: Ed25519PrivateKey, heads: Heads, *, at: datetime) -> None:
    root = merkle_root(heads)
    line = {
        "at": at.isoformat(),
        "heads": {clinic: [seq, head.hex()] for clinic, (seq, head) in sorted(heads.items())},
        "root": root.hex(),
        "signature": key.sign(_signed(root, at.isoformat())).hex(),
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a") as out:
        out.write(json.dumps(line, sort_keys=True) + "\n")
        out.flush()
        os.fsync(out.fileno())


def read(file: Path, public: Ed25519PublicKey) -> dict[str, list[Known]]:
    """What the anchors know of each clinic's chain. Raises AnchorForged."""
    known: dict[str, list[Known]] = {}
    for number, text in enumerate(file.read_text().splitlines(), 1):
        line = json.loads(text)
        heads = {clinic: (seq, bytes.fromhex(head)) for clinic, (seq, head) in line["heads"].items()}
        _check(line, heads, public, number)
        for clinic, (seq, head) in heads.items():
            known.setdefault(clinic, []).append(Known(seq, head))
    return {clinic: _distinct(items) for clinic, items in known.items()}


def _check(line: dict[str, Any], heads: Heads, public: Ed25519PublicKey, number: int) -> None:
    root = merkle_root(heads)
    try:
        public.verify(bytes.fromhex(line["signature"]), _signed(root, line["at"]))
    except InvalidSignature as error:
        raise AnchorForged(f"line {number} is not what was signed") from error
    if root.hex() != line["root"]:
        raise AnchorForged(f"line {number} has another root than its heads give")


def _signed(root: bytes, at: str) -> bytes:
    return b"msp-anchor/1" + root + at.encode()


def _distinct(items: Iterable[Known]) -> list[Known]:
    return sorted(set(items), key=lambda item: item.seq)
