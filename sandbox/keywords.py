"""Twilio's own handling of STOP, START and HELP: the words, the answers, who gets none."""

from dataclasses import dataclass

STOP = {"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"}
START = {"START", "UNSTOP"}
YES = {"YES"}  # starts again only for those who had stopped: to all others it is an answer
HELP = {"HELP", "INFO"}
ANSWERS = {
    "STOP": "You have successfully been unsubscribed. You will not receive any more messages from this "
    "number. Reply START to resubscribe.",
    "START": "You have successfully been re-subscribed to messages from this number. Reply HELP for help. "
    "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
    "HELP": "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
}


@dataclass(frozen=True)
class Handling:
    """What the service makes of an inbound text before the application hears of it."""

    opt_out_type: str  # STOP, START, HELP
    answer: str  # empty: the service stays silent


def handle(body: str, *, stopped: bool) -> Handling | None:
    """None for an ordinary message; only a single word counts, in any case."""
    word = body.strip().upper()
    if word in STOP:
        return Handling("STOP", "" if stopped else ANSWERS["STOP"])
    if word in START or (stopped and word in YES):
        return Handling("START", ANSWERS["START"])
    if word in HELP:
        return Handling("HELP", "" if stopped else ANSWERS["HELP"])
    return None
