"""A note's life: what is kept, what is refused, and that the database itself keeps what is signed."""

from datetime import timedelta
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import Error, connection, connections, transaction

from audit.models import Event
from charting import queries
from charting.actions import notes as actions
from charting.actions.notes import NoteChanged, NoteSigned, NotTheirs, save_note, sign_note, token_hashes
from charting.actions.setting_up import save_template
from charting.models import PARTS, Note
from charting.notes import Typed, missing, read_typed
from charting.tests.notes import AT, WHOLE, draft, encounter_of, signed
from core.problems import Invalid
from tenants.context import enter
from tests.cast import BY
from vault.fields import Token

FIELDS = [
    {"key": "area", "label": "Area", "kind": "choice", "options": ["Forehead", "Glabella"], "required": True},
    {"key": "units", "label": "Units", "kind": "number", "unit": "u", "required": True},
    {"key": "seen", "label": "Checked", "kind": "checklist", "options": ["Photos", "Consent"]},
    {"key": "remark", "label": "Remark", "kind": "text"},
]


def template(cast, **more):
    given = {"required": list(PARTS), "fields": FIELDS} | more
    return save_template(
        None, name="Neuromodulator", services=[cast.services["botox"].uid], definition=given, by=BY, at=AT
    )


@pytest.mark.promise("P50")
def test_a_note_is_sealed_signed_and_verified(glow):
    with enter(glow.clinic):
        note = signed(glow.cast, template=template(glow.cast), values={"area": "Forehead", "units": "12"})
        row = queries.whole_notes().get(pk=note.pk)
        assert row.is_signed
        assert row.answers["shown"] == [["Area", "Forehead"], ["Units", "12 u"]]
        assert queries.is_intact(row)
        stored = Note.objects.filter(pk=note.pk).values(*PARTS, "answers", "content_hash")[0]
        assert all(isinstance(value, Token) for value in stored.values())
        verbs = list(
            Event.objects.filter(patient_id=glow.cast.pat.uid, object_id=str(note.uid)).values_list(
                "verb", flat=True
            )
        )
        assert {"note.begun", "note.saved", "note.signed"} <= set(verbs)


@pytest.mark.promise("P50")
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE charting_note SET revision = 99 WHERE id = %s",
        "UPDATE charting_note SET state = 'draft', signed_at = NULL, signed_by_id = NULL, content_hash = NULL"
        " WHERE id = %s",
        "UPDATE charting_note SET plan = subjective WHERE id = %s",
        "DELETE FROM charting_note WHERE id = %s",
    ],
)
def test_the_clinics_own_role_cannot_change_a_signed_note(glow, sql):
    with enter(glow.clinic):
        note = signed(glow.cast)
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user::text")
            assert cursor.fetchone()[0].endswith(f"t_{glow.clinic.schema_name}")
        with (
            pytest.raises(Error, match="stays as it is"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql, [note.pk])
        open_note = draft(glow.cast)
        with connection.cursor() as cursor:  # the same statement of a draft is let through
            cursor.execute("UPDATE charting_note SET revision = 99 WHERE id = %s", [open_note.pk])
            assert cursor.rowcount == 1
            cursor.execute("DELETE FROM charting_note WHERE id = %s", [open_note.pk])
            assert cursor.rowcount == 1


@pytest.mark.parametrize("table", ["charting_note", "charting_addendum"])
def test_the_clinics_own_role_cannot_empty_the_tables(glow, table):
    with enter(glow.clinic), pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {table} CASCADE")


def test_an_addendum_is_only_ever_added(glow):
    from charting.actions.reviews import add_addendum

    with enter(glow.clinic):
        note = signed(glow.cast)
        added = add_addendum(note, "Lot was C6184.", user=note.author, at=AT)
        for sql in ("UPDATE charting_addendum SET kind = 'returned'", "DELETE FROM charting_addendum"):
            with pytest.raises(Error, match="permission denied"), transaction.atomic():
                connection.cursor().execute(sql)
        assert added.text == "Lot was C6184."


def test_a_token_put_back_is_noticed(glow):
    """An older value of the same cell opens; the hashes of the signature and of the trail do not fit it."""
    with enter(glow.clinic):
        note = draft(glow.cast)
        old = Note.objects.filter(pk=note.pk).values_list("plan", flat=True).get()
        note = save_note(
            note,
            Typed(WHOLE | {"plan": "Call at once if drooping."}, {}),
            revision=note.revision,
            user=note.author,
            at=AT,
        )
        note = sign_note(note, revision=note.revision, user=note.author, at=AT)
        hashes = token_hashes(note)
        row = queries.whole_notes().get(pk=note.pk)
        row.plan = old
        assert row.plan == WHOLE["plan"]
        assert not queries.is_intact(row)
        assert set(hashes) == {*PARTS, "answers"}


def test_what_keeps_it_from_being_signed_is_told_all_at_once(glow):
    with enter(glow.clinic):
        values = {"units": "a dozen", "seen": ["Weather"]}
        note = draft(
            glow.cast, template=template(glow.cast), parts={"plan": "", "assessment": " \n "}, values=values
        )
        with pytest.raises(Invalid) as refused:
            sign_note(note, revision=note.revision, user=note.author, at=AT)
        assert [one["field"] for one in refused.value.errors] == [
            "assessment",
            "plan",
            "answers.area",
            "answers.units",
            "answers.seen",
        ]
        assert not Note.objects.get(pk=note.pk).is_signed


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"plan": "x" * 10_001}, "plan"),
        ({"plan": "\x00"}, "plan"),
        ({"plan": "\ud800"}, "plan"),
        ({"plan": 7}, "plan"),
        ({"answers": []}, "answers"),
        ({"answers": {"nothing": "x"}}, "answers.nothing"),
        ({"answers": {"area": ["x"]}}, "answers.area"),
        ({"answers": {"seen": "x"}}, "answers.seen"),
        ({"answers": {"seen": ["x"] * 51}}, "answers.seen"),
        ({"answers": {"remark": "y" * 2_001}}, "answers.remark"),
    ],
)
def test_what_cannot_be_stored_is_named(glow, given, field):
    with enter(glow.clinic):
        with pytest.raises(Invalid) as refused:
            read_typed(template(glow.cast), given)
        assert [one["field"] for one in refused.value.errors] == [field]


@pytest.mark.parametrize("number", ["", "1e999", "nan", "12,5", "0x10", "9" * 21])
def test_a_number_is_a_number(glow, number):
    with enter(glow.clinic):
        found = missing(template(glow.cast), WHOLE, {"area": "Glabella", "units": number})
        assert [one["field"] for one in found] == ["answers.units"]


def test_an_empty_note_is_not_signed_even_if_nothing_is_required(glow):
    with enter(glow.clinic):
        made = save_template(
            None, name="Free", services=[], definition={"required": [], "fields": []}, by=BY, at=AT
        )
        assert [one["code"] for one in missing(made, dict.fromkeys(PARTS, ""), {})] == ["required"]


def test_only_who_wrote_it_or_treats_signs(glow):
    with enter(glow.clinic):
        note = draft(glow.cast)
        with pytest.raises(NotTheirs):
            sign_note(note, revision=note.revision, user=glow.cast.owner, at=AT)
        other = draft(glow.cast, encounter=encounter_of(glow.cast, "sven"))
        assert sign_note(other, revision=other.revision, user=glow.cast.users["supervisor"], at=AT).is_signed


def test_saving_over_somebody_else_is_refused_with_what_stands(glow):
    with enter(glow.clinic):
        note = draft(glow.cast)
        sven = glow.cast.users["supervisor"]
        theirs = save_note(note, Typed(WHOLE | {"plan": "Sven's"}, {}), revision=2, user=sven, at=AT)
        with pytest.raises(NoteChanged) as refused:
            save_note(note, Typed(WHOLE | {"plan": "Ines'"}, {}), revision=2, user=note.author, at=AT)
        assert refused.value.current.plan == "Sven's"
        assert Note.objects.get(pk=note.pk).plan == "Sven's"
        with pytest.raises(NoteChanged):
            sign_note(note, revision=2, user=note.author, at=AT)
        # The same text once more is no conflict: the answer to the first try may have been lost.
        same = save_note(note, Typed(theirs.parts, {}), revision=2, user=note.author, at=AT)
        assert same.revision == theirs.revision


def test_a_page_whose_answer_was_lost_goes_on(glow):
    with enter(glow.clinic):
        note, page, other = draft(glow.cast), uuid4(), uuid4()
        save = lambda plan, key: save_note(  # noqa: E731
            note, Typed(WHOLE | {"plan": plan}, {}), revision=2, user=note.author, at=AT, key=key
        )
        assert save("one", page).revision == 3
        assert save("one and two", page).revision == 4  # still with the revision it knows
        with pytest.raises(NoteChanged):
            save("mine", other)


def test_a_signed_note_takes_no_more_drafts(glow):
    with enter(glow.clinic):
        note = signed(glow.cast)
        with pytest.raises(NoteSigned):
            save_note(note, Typed(WHOLE | {"plan": "?"}, {}), revision=note.revision, user=note.author, at=AT)
        with pytest.raises(NoteSigned):
            sign_note(note, revision=note.revision, user=note.author, at=AT)
        with pytest.raises(NoteSigned):
            actions.change_template(note, None, user=note.author, at=AT)


def test_copying_forward_brings_all_but_the_findings(glow):
    with enter(glow.clinic):
        cast = glow.cast
        earlier = encounter_of(cast, at=AT - timedelta(days=90))
        chosen = template(cast)
        signed(cast, encounter=earlier, template=chosen, values={"area": "Glabella", "units": "20"})
        later = encounter_of(cast)
        note = actions.begin_note(
            later, template=queries.template_for(later.service), user=cast.users["provider"], at=AT
        )
        copied = actions.copy_from(queries.last_note(later), note)
        assert copied.parts == WHOLE | {"objective": ""}
        assert copied.values == {"area": "Glabella", "units": "20"}


def test_a_changed_template_is_a_new_version_and_the_note_keeps_its_own(glow):
    with enter(glow.clinic):
        cast = glow.cast
        first = template(cast)
        note = signed(cast, template=first, values={"area": "Glabella", "units": "20"})
        second = save_template(
            first, name="Neuromodulator", services=first.services, definition={"fields": []}, by=BY, at=AT
        )
        assert (second.version, second.family) == (2, first.family)
        assert queries.template_for(cast.services["botox"]) == second
        row = queries.whole_notes().get(pk=note.pk)
        assert row.template == first
        assert queries.is_intact(row)


def race(house, acts):
    """What each of two people got, who act at the same moment."""
    barrier, found = Barrier(len(acts)), {}

    def run(name, act):
        try:
            with enter(house.clinic):
                barrier.wait()
                found[name] = act()
        except Exception as problem:
            found[name] = problem
        finally:
            for one in connections.all():
                one.close()

    threads = [Thread(target=run, args=each) for each in enumerate(acts)]
    [thread.start() for thread in threads]
    [thread.join(30) for thread in threads]
    return list(found.values())


@pytest.mark.own_clinic
@pytest.mark.promise("P50")
def test_races_one_wins_and_the_other_is_told(new_clinic):
    house = new_clinic()
    cast = house.cast
    with enter(house.clinic):
        encounter = encounter_of(cast, "sven")
        note = draft(cast, encounter=encounter)
    ines, sven = cast.users["provider"], cast.users["supervisor"]
    found = race(
        house,
        [
            lambda user=user, plan=plan: save_note(
                note, Typed(WHOLE | {"plan": plan}, {}), revision=2, user=user, at=AT
            )
            for user, plan in ((ines, "Ines'"), (sven, "Sven's"))
        ],
    )
    assert sorted(type(one).__name__ for one in found) == ["Note", "NoteChanged"]
    with enter(house.clinic):
        kept = Note.objects.get(pk=note.pk)
        won = next(one for one in found if isinstance(one, Note))
        assert (kept.revision, kept.plan) == (3, won.plan)
    found = race(
        house, [lambda user=user: sign_note(note, revision=3, user=user, at=AT) for user in (ines, sven)]
    )
    assert sorted(type(one).__name__ for one in found) == ["Note", "NoteSigned"]
    with enter(house.clinic):
        assert Event.objects.filter(verb="note.signed", object_id=str(note.uid)).count() == 1
        row = queries.whole_notes().get(pk=note.pk)
        assert queries.is_intact(row)
    made = _encounter(house)
    both = race(
        house,
        [
            lambda user=user: actions.begin_note(made, template=None, user=user, at=AT)
            for user in (ines, sven)
        ],
    )
    assert len({one.pk for one in both}) == 1


def _encounter(house):
    with enter(house.clinic):
        return encounter_of(house.cast)
