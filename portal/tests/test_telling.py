"""Who opened my record: every deed of the clinical record is told in words, in both languages."""

import re
from pathlib import Path

import pytest
from django.utils.translation import override

from portal.telling import DEEDS

ROOT = Path(__file__).resolve().parents[2]
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
