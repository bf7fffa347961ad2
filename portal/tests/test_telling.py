"""Who opened my record: every deed of the clinical record is told in words, in both languages."""

import re
from pathlib import Path

import pytest
from django.utils.translation import override

from desk.words import KINDS as DESK_KINDS
from portal.telling import DEEDS
from portal.telling import KINDS as PORTAL_KINDS

ROOT = Path(__file__).resolve().parents[2]
TEXTS = ROOT / "templates" / "messaging"
# To the staff and to visitors of the public site; a code and the notice of a message are not shown to a patient again.
TO_STAFF = {
    "adverse_event",
    "security_alert",
    "sign_in_code",
    "staff_invitation",
    "webhook_stopped",
    "welcome",
}
NOT_AGAIN = {"portal_code", "message_waiting"}
APPS = ("charting", "consents", "documents", "photos", "ai")
VERB = re.compile(r'(?:record|_record|note_read|_saved|_step|_noted)\(\s*"([a-z_]+\.[a-z_]+)"')
# Of the clinic's own settings: about nobody.
SETTINGS = (
    "template.",
    "macro.",
    "cosign_rule.",
    "questionnaire.",
    "consent_form.",
    "plan_template.",
    "aftercare_text.",
)


def verbs():
    found = set()
    for app in APPS:
        for file in (ROOT / app).rglob("*.py"):
            if "tests" not in file.parts:
                found |= set(VERB.findall(file.read_text(encoding="utf-8")))
    return sorted(verb for verb in found if not verb.startswith(SETTINGS))


@pytest.mark.promise("P154")
def test_no_deed_is_told_as_a_name_of_the_program():
    known = verbs()
    assert len(known) > 30
    told = {verb: next((words for start, words in DEEDS if verb.startswith(start)), None) for verb in known}
    assert [verb for verb, words in told.items() if words is None and not verb.startswith("gate.rules")] == []
    with override("es"):
        spanish = {str(words) for words in told.values()}
    assert not spanish & {"opened a photo", "read a note", "signed a form"}


def test_no_message_is_shown_as_a_name_of_the_program():
    kinds = {path.name.partition(".")[0] for path in TEXTS.glob("*.txt")} - TO_STAFF
    assert len(kinds) > 8
    assert kinds - DESK_KINDS.keys() == set()
    assert kinds - PORTAL_KINDS.keys() == NOT_AGAIN
