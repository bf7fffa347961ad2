"""What an inbound text asks for: STOP, START, HELP, or a visit cancelled. Pure; errs on the side of stopping.

A single word is only the easy case. The law asks for "any reasonable means", so whole sentences count, in English
and Spanish, in any case, spelling of characters and decoration. "Cancel my 3 pm" is about a visit and must not
silence the person's reminders.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Intent(StrEnum):
    STOP = "stop"
    START = "start"
    HELP = "help"
    CANCEL_VISIT = "cancel_visit"


@dataclass(frozen=True)
class Reading:
    """What was asked for, and in which language to answer."""

    intent: Intent | None
    language: str = "en"


# What the provider recognises and answers by itself, as a single word.
PROVIDER_STOP: Final = frozenset(
    {"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"}
)
PROVIDER_WORDS: Final = PROVIDER_STOP | {"START", "UNSTOP", "HELP", "INFO"}


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


STOP_EN: Final = _words(
    "stop stopall unsubscribe unsub cancel end quit revoke optout stopp stoppp stahp stopit"
)
STOP_ES: Final = _words(
    "alto parar pare paren para basta cancelar cancele detener detente detenganse deten baja terminar fin"
)
START_EN: Final = _words("start unstop subscribe resubscribe optin")
START_ES: Final = _words("comenzar empezar iniciar reanudar suscribir suscribirme")
HELP_EN: Final = _words("help info information")
HELP_ES: Final = _words("ayuda informacion ayudame")
FILLERS: Final = _words(
    "please pls plz pleeease kindly now all already thanks thank you thx ty ok okay hi hello hey sorry sir maam team"
    " me us it this that these immediately today ever again right just so much the no"
    " por favor ya gracias hola todo todos ahora mismo esto eso porfa senor senora"
)
# Words that may stand around a bare "stop" without giving it another object.
CARRIERS: Final = FILLERS | _words(
    "i said say told tell asked ask to need must can could would will want wish like wanna have has got"
    " guys people and for real seriously last time every everything"
)
AFTER_STOP_OTHER: Final = _words(
    "by in at taking using drinking smoking wearing eating over off before after on doing and the my for working"
    " bleeding swelling hurting itching because if when until with"
)

_TEXTS: Final = (
    r"(?:txts?|texts?|texting|txting|messages?|messaging|msgs?|msging|sms|mms|reminders?|notifications?|alerts?"
    r"|updates?|spam(?:ming)?|ads?|promos?|promotions?|offers?|marketing|subscription|contact(?:ing)?|calls?|calling"
    r"|bothering|harassing|annoying|bugging|emailing|sending|writing)"
)
_TEXTS_ES: Final = (
    r"(?:mensajes?|textos?|sms|msjs?|recordatorios?|notificaciones|avisos|promociones|ofertas|publicidad|suscripcion"
    r"|llamadas)"
)
_STOP_SENTENCES_EN: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<!\bdont )(?<!\bnot )(?<!\bnever )\b(?:stop|quit|end|cease|cancel|revoke|halt)\b"
        rf"(?: (?:all|any|the|these|those|this|your|my|ur|sending|getting|receiving|me|us|of|with|further|future"
        rf"|more|every|automated|appointment|text|stupid|damn))* {_TEXTS}\b",
        r"(?<!\bdont )(?<!\bnot )(?<!\bnever )\bunsubscribe\b",
        r"(?<!\bdont )(?<!\bnot )\b(?:opt|opting|opted) (?:me |us |my number |this number )?out\b",
        r"(?<!\bi )\b(?:dont|do not|never|no need to)(?: ever| please)* (?:text|txt|message|msg|contact|sms)"
        r"(?: (?:me|us|this|my|again|anymore|ever|from|please|pls|to)\b|$)",
        r"\b(?:dont|do not|no longer) (?:want|wish|need)(?: to)?(?: get| receive| have)*"
        r"(?: any| more| these| your| further)* (?:texts?|txts?|messages?|msgs?|sms|reminders?)\b",
        r"\bno more\b(?: \w+)? (?:texts?|txts?|messages?|msgs?|sms|reminders?)\b",
        r"^no more$",
        r"\b(?:take|remove|delete|get) (?:me|us|my (?:phone |cell )?number|this number|my info) (?:off|from|out)\b",
        r"\bremove (?:me|my number|this number|my phone)\b(?:$| (?:please|pls|now|immediately))",
        r"\bleave me alone\b",
        r"\b(?:revoke|withdraw|withdrawing|revoking|rescind) (?:my |all |any )*(?:consent|permission)\b",
        r"\blose my number\b",
    )
)
_STOP_SENTENCES_ES: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?:alto|pare|paren|parar|basta|cancelar|cancele|cancelen|cancela|detener|detengan|deten|terminar)\b"
        rf"(?: (?:de|a|con|la|los|las|mi|sus|estos|esos|mis|todos|enviar(?:me)?|mandar(?:me)?|ya|el|envio))*"
        rf" {_TEXTS_ES}\b",
        r"\b(?:dejen?|deja|paren?|pare) de (?:enviar|mandar|escribir|molestar|textear|contactar|llamar)",
        r"\bno me (?:manden?|mandes|envien?|envies|escriban?|escribas|textee?n?|contacten?|molesten?|llamen?)\b",
        rf"\bno (?:quiero|deseo)(?: \w+)*? {_TEXTS_ES}\b",
        rf"\bno mas\b(?: \w+)? {_TEXTS_ES}\b",
        r"^(?:ya )?no mas$",
        r"\b(?:darme|denme|deme|dame|dar) de baja\b",
        r"\b(?:desuscribir|desuscribirme|desuscribanme|desuscribeme|desinscribirme)\b",
        r"\bborr(?:en|ar|e) mi numero\b",
    )
)
_CANCEL: Final = re.compile(
    r"\b(?:cancel|cancell?ing|cancell?ed|cancell?ation|cancelar|cancelo|cancelen|anular)\b"
)
_NOT_CANCEL: Final = re.compile(
    r"\b(?:dont|do not|not|never|didnt|wont|no)(?: \w+){0,3} (?:cancel|cancell?ing|cancelar)\b"
    r"|\bcancell?ation (?:policy|fee|fees|charge)\b"
)
_SIGNATURE: Final = re.compile(r"\bsent from my \w+.*$|\benviado desde mi \w+.*$")
_STOP_SIGNS: Final = str.maketrans({"🛑": " stop ", "⛔": " stop ", "✋": " ", "🚫": " "})
# Letters of other scripts that look like ours, in the words that matter.
_LOOKALIKES: Final = {
    ord(theirs): ours for theirs, ours in zip("аеорсухіѕтнкѵԁαορτνεικ", "aeopcyxisthkvdaoptveik", strict=True)
}
LONGEST: Final = 1600


def normalise(body: str) -> str:
    """Plain lower-case words with single blanks: no decoration, accents, invisible characters or signature."""
    text = unicodedata.normalize("NFKC", body[:LONGEST].translate(_STOP_SIGNS)).casefold()
    text = text.replace("'", "").replace("’", "")
    text = "".join(
        each
        for each in unicodedata.normalize("NFD", text)
        if unicodedata.category(each) not in ("Mn", "Me", "Cf", "Cc") or each in "\n\t\r"
    )
    text = re.sub(r"[\W_]+", " ", text.translate(_LOOKALIKES)).strip()
    text = _SIGNATURE.sub("", text).strip()
    return _joined(text)


def _joined(text: str) -> str:
    """S T O P, written with blanks or points between its letters, is one word."""
    return re.sub(r"(?:\b\w\b ?){3,}", lambda found: found[0].replace(" ", "") + " ", text).strip()


def read(body: str) -> Reading:
    """What the text asks for; intent None for an ordinary message."""
    text = normalise(body)
    words = text.split()
    if not words:
        return Reading(None)
    merged = re.sub(r"\bopt (out|in)\b", r"opt\1", re.sub(r"\bstop all\b", "stopall", text)).split()
    for intent, english, spanish in (
        (Intent.STOP, STOP_EN, STOP_ES),
        (Intent.START, START_EN, START_ES),
        (Intent.HELP, HELP_EN, HELP_ES),
    ):
        if language := _only(merged, english, spanish):
            return Reading(intent, language)
    if any(pattern.search(text) for pattern in _STOP_SENTENCES_ES):
        return Reading(Intent.STOP, "es")
    if any(pattern.search(text) for pattern in _STOP_SENTENCES_EN) or _bare_stop(words):
        return Reading(Intent.STOP)
    if _CANCEL.search(text) and not _NOT_CANCEL.search(text):
        return Reading(
            Intent.CANCEL_VISIT, "es" if re.search(r"\b(?:cancelar|cancelo|anular|cita)\b", text) else "en"
        )
    return Reading(None)


def provider_answers(body: str) -> bool:
    """Whether the provider's own handling recognises the text: a single word, in any case."""
    return body.strip().upper() in PROVIDER_WORDS


def _only(words: list[str], english: frozenset[str], spanish: frozenset[str]) -> str:
    """The language, if besides politeness there are only these words."""
    # "para" is also the Spanish "for": it counts only when nothing but itself is said.
    core = [word for word in words if word not in FILLERS]
    if not core or len(words) > 8:
        return ""
    if all(word in english for word in core):
        return "en"
    return "es" if all(word in english or word in spanish for word in core) else ""


def _bare_stop(words: list[str]) -> bool:
    """ "I said stop", "can you stop", "stop, Pat" — but not "stop by at 3" or "don't stop"."""
    if "stop" not in words or {"dont", "not", "never", "should", "when", "where", "nonstop"} & set(words):
        return False
    at = words.index("stop")
    before, after = words[:at], words[at + 1 :]
    if not all(word in CARRIERS for word in before):
        return False
    if all(word in CARRIERS | STOP_EN for word in after):
        return True
    return not before and len(after) <= 2 and after[0] not in AFTER_STOP_OTHER
