"""Settings of notes: templates, macros, and the rules of co-signing, with what is refused."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from django.urls import reverse
from hypothesis import given, strategies

from charting import cosigning, queries
from charting.actions import setting_up as actions
from charting.cosigning import Reason, add_months, chosen
from charting.models import Macro, NoteTemplate, SamplingRule
from charting.tests.notes import AT
from core.problems import Conflict, Invalid
from tenants.context import enter
from tests.cast import BY

DAY = date(2026, 3, 3)


def at(name, *args):
    return reverse(f"charting:{name}", args=args, urlconf="medspa.urls_clinic")


@given(note=strategies.uuids(), low=strategies.integers(0, 100), high=strategies.integers(0, 100))
def test_the_draw_is_the_same_each_time_and_grows_with_the_share(note, low, high):
    low, high = sorted((low, high))
    few = chosen(SamplingRule(percent=low), note=note, service=None, on=DAY)
    many = chosen(SamplingRule(percent=high), note=note, service=None, on=DAY)
    assert few == chosen(SamplingRule(percent=low), note=note, service=None, on=DAY)
    assert few is None or many is Reason.SAMPLE
    assert chosen(SamplingRule(percent=0), note=note, service=None, on=DAY) is None
    assert chosen(SamplingRule(percent=100), note=note, service=None, on=DAY) is Reason.SAMPLE


@pytest.mark.parametrize("percent", [5, 10, 25, 50])
def test_about_so_many_are_drawn(percent):
    drawn = sum(cosigning.draw(UUID(int=each)) < percent for each in range(10_000))
    assert abs(drawn - 100 * percent) < 200


def test_a_service_and_the_first_months_come_before_the_draw():
    service = uuid4()
    rule = SamplingRule(services=[service], first_months=3, since=date(2025, 12, 4))
    assert chosen(rule, note=uuid4(), service=service, on=DAY) is Reason.SERVICE
    assert chosen(rule, note=uuid4(), service=uuid4(), on=DAY) is Reason.NEW
    assert chosen(rule, note=uuid4(), service=None, on=DAY + timedelta(days=1)) is None


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
        (date(2026, 12, 15), 12, date(2027, 12, 15)),
    ],
)
def test_months_end_where_they_end(day, months, then):
    assert add_months(day, months) == then


@pytest.mark.parametrize(
    ("definition", "field"),
    [
        ({"fields": [{"label": "", "kind": "text"}]}, "fields.0"),
        ({"fields": [{"label": "Area", "kind": "picture"}]}, "fields.0"),
        ({"fields": [{"label": "Area", "kind": "choice", "options": []}]}, "fields.0"),
        ({"fields": [{"label": "Area", "kind": "checklist", "options": ["x"] * 2 + [""]}] * 2}, "fields"),
        ({"fields": [{"label": f"F{n}", "kind": "text"} for n in range(41)]}, "fields"),
        ({"fields": [{"label": "x" * 81, "kind": "text"}]}, "fields.0"),
        ({"hints": {"plan": "x" * 201}}, "plan"),
    ],
)
def test_a_template_that_cannot_be_is_refused(glow, definition, field):
    with enter(glow.clinic):
        with pytest.raises(Invalid) as refused:
            actions.save_template(None, name="T", services=[], definition=definition, by=BY, at=AT)
        assert field in [one["field"] for one in refused.value.errors]


def test_a_service_has_one_template_and_a_change_is_not_lost(glow):
    with enter(glow.clinic):
        botox = glow.cast.services["botox"]
        first = actions.save_template(None, name="A", services=[botox.uid], definition={}, by=BY, at=AT)
        with pytest.raises(Invalid):
            actions.save_template(None, name="B", services=[botox.uid], definition={}, by=BY, at=AT)
        actions.save_template(first, name="A", services=[botox.uid], definition={}, by=BY, at=AT)
        with pytest.raises(Conflict):
            actions.save_template(first, name="Late", services=[], definition={}, by=BY, at=AT)
        general = actions.save_template(None, name="G", services=[], definition={}, by=BY, at=AT)
        assert queries.template_for(glow.cast.services["laser"]) == general
        assert queries.template_for(botox).name == "A"
        assert queries.template_for(None) == general


def test_the_pages_of_templates(glow):
    client = glow.client(glow.cast.users["supervisor"])
    row = {
        "name": "Neuromodulator",
        "services": [str(glow.cast.services["botox"].uid)],
        "required_plan": "on",
        "hint_plan": "Aftercare, next visit",
        "label_0": "Area",
        "kind_0": "choice",
        "options_0": "Forehead, Glabella",
        "must_0": "on",
        "label_1": "",
        "kind_1": "",
        "label_2": "Units",
        "kind_2": "number",
        "unit_2": "u",
    }
    assert client.post(at("new_template"), row).status_code == 303
    with enter(glow.clinic):
        made = NoteTemplate.objects.current().get()
        assert made.required == ["plan"]
        assert [one["label"] for one in made.fields] == ["Area", "Units"]
        assert made.fields[0]["options"] == ["Forehead", "Glabella"]
    assert "Neuromodulator" in client.get(at("note_templates")).content.decode()
    page = client.get(at("template", made.uid)).content.decode()
    assert "Forehead, Glabella" in page
    refused = client.post(at("template", made.uid), row | {"kind_2": "choice", "options_2": ""})
    assert refused.status_code == 422
    assert "Units: name between 1 and 30 options." in refused.content.decode()
    assert client.post(at("template", made.uid), row | {"name": "Toxin"}).status_code == 303
    assert client.post(at("template", made.uid), row).status_code == 409
    with enter(glow.clinic):
        second = NoteTemplate.objects.current().get()
        assert (second.version, second.name) == (2, "Toxin")
    assert client.post(at("archive_template", second.uid)).status_code == 303
    assert "Toxin" in client.get(at("note_templates")).content.decode()
    assert client.post(at("restore_template", second.uid)).status_code == 303


def test_macros_are_ones_own_or_the_clinics(glow):
    ines, sven = (glow.client(glow.cast.users[role]) for role in ("provider", "supervisor"))
    assert ines.post(at("macros"), {"shortcut": "/Upright", "text": "Upright 4 h."}).status_code == 303
    again = ines.post(at("macros"), {"shortcut": "upright", "text": "Twice"})
    assert again.status_code == 422
    assert "stands for something already" in again.content.decode()
    assert ines.post(at("macros"), {"shortcut": "Ü b", "text": ""}).status_code == 422
    assert (
        sven.post(at("macros"), {"shortcut": "upright", "text": "Clinic's.", "for_all": "on"}).status_code
        == 303
    )
    with enter(glow.clinic):
        own = Macro.objects.get(owner=glow.cast.users["provider"])
        assert queries.macros_for(glow.cast.users["provider"]) == {"upright": "Upright 4 h."}
        assert queries.macros_for(glow.cast.users["supervisor"]) == {"upright": "Clinic's."}
    assert sven.get(at("macro", own.uid)).status_code == 404
    assert ines.post(at("macro", own.uid), {"shortcut": "up", "text": "Up."}).status_code == 303
    assert ines.post(at("delete_macro", own.uid)).status_code == 303
    assert "<b>/up</b>" not in ines.get(at("macros")).content.decode()


def test_the_rules_of_cosigning(glow):
    client, ines = glow.client(glow.cast.users["supervisor"]), glow.cast.providers["ines"]
    rule = {"percent": "20", "days": "5", "first_months": "3", "since": ""}
    refused = client.post(at("cosign_rule", ines.uid), rule)
    assert refused.status_code == 422
    assert "Say from when the months count." in refused.content.decode()
    assert client.post(at("cosign_rule", ines.uid), rule | {"percent": "101"}).status_code == 422
    assert client.post(at("cosign_rule", ines.uid), rule | {"since": "2026-01-02"}).status_code == 303
    assert client.post(at("cosign_rule_of_all"), rule | {"first_months": "0"}).status_code == 303
    assert client.post(at("cosign_rule_of_all"), rule | {"first_months": "0", "days": "9"}).status_code == 303
    page = client.get(at("cosign_rules")).content.decode()
    assert "all of the first 3 months from 2 Jan 2026" in page
    with enter(glow.clinic):
        assert SamplingRule.objects.count() == 2
    assert client.post(at("forget_cosign_rule", ines.uid)).status_code == 303
    with enter(glow.clinic):
        assert SamplingRule.objects.get().provider is None


@pytest.mark.promise("P52")
def test_ai_is_off_until_the_owner_switches_it_on(glow):
    client = glow.client(glow.cast.owner)
    page = client.get("/desk/settings/ai/").content.decode()
    assert "Switch AI drafts on" in page
    assert client.post("/desk/settings/ai/switch/", {"allowed": "1"}).status_code == 303
    assert "Switch AI drafts off" in client.get("/desk/settings/ai/?before=nonsense").content.decode()
    assert client.post("/desk/settings/ai/switch/", {"allowed": "0"}).status_code == 303
