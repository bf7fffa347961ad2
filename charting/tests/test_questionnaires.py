"""The editor of health forms: what it shows is what it saves, faults keep what was typed, versions never change."""

from datetime import UTC, datetime

import pytest

from accounts.actors import actor_for
from charting import actions
from charting.forms.questionnaires import body_of, rows_of
from charting.models import QuestionnaireVersion
from charting.starters import STARTERS
from tenants.context import enter

AT = datetime(2027, 3, 1, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize("key", STARTERS)
def test_a_version_survives_the_editor_unchanged(key):
    body = STARTERS[key].body
    assert body_of(rows_of(body), body) == body


def typed(rows, **more):
    data = {"q-TOTAL_FORMS": len(rows), "q-INITIAL_FORMS": 0, "title": "Skin", "valid_months": 6, "number": 0}
    for place, row in enumerate(rows):
        data |= {f"q-{place}-{name}": value for name, value in row.items()}
        data[f"q-{place}-ORDER"] = row.get("ORDER", place + 1)
    return data | more


BAD = {"label": "Which one?", "kind": "choice", "options": "Only one", "asks": "7", "wants": "yes"}
GOOD = [
    {"label": "Ill?", "kind": "yes_no", "required": "on", "section": "Health | Salud"},
    {"label": "How?", "kind": "text", "asks": "1", "wants": "Yes", "leads_to": "condition:"},
]


def test_a_fault_keeps_what_was_typed_and_lists_all(glow):
    client = glow.client(glow.cast.users["supervisor"])
    answer = client.post("/desk/settings/questionnaires/new/", typed([BAD]))
    assert answer.status_code == 422
    for words in (b"needs two answers", b"does not stand before it", b"Which one?", b"Only one"):
        assert words in answer.content


def test_a_change_is_a_further_version_and_an_old_page_is_refused(glow):
    client = glow.client(glow.cast.users["supervisor"])
    made = client.post("/desk/settings/questionnaires/new/", typed(GOOD))
    assert made.status_code in {302, 303}
    path = made["Location"]
    assert b"How?" in client.get(f"{path}preview/").content
    assert client.post(path, typed(GOOD[:1], number=1)).status_code in {302, 303}
    assert client.post(path, typed(GOOD, number=1)).status_code == 409
    with enter(glow.clinic):
        versions = QuestionnaireVersion.objects.order_by("number")
        assert [len(one.questions["sections"][0]["questions"]) for one in versions] == [2, 1]
        first = versions[0].questions["sections"][0]["questions"]
        assert first[1]["show_if"] == {"question": first[0]["key"], "is": ["yes"]}


def test_archived_it_is_asked_no_more(glow):
    with enter(glow.clinic):
        by = actor_for(glow.cast.owner)
        form = actions.add_starter("laser", by=by, at=AT)
        actions.archive_questionnaire(form, by=by, at=AT)
    page = glow.client(glow.cast.owner).get("/desk/settings/questionnaires/")
    assert b"1 archived" in page.content
