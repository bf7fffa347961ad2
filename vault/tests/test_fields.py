"""Sealed fields: clear in memory, a token in the database, opened by nobody who does not ask."""

import copy
import json
import pickle
from collections import Counter
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from django.core import serializers
from django.core.exceptions import FieldError
from django.db import connections, models, transaction
from django.db.migrations.writer import MigrationWriter
from django.utils.translation import gettext_lazy

from core.ids import uuid7
from vault import fields, keys, sealing
from vault.errors import Damaged, NoSubjectKey, Shredded
from vault.fields import SealedTextField, Token, warm_rows
from vault.models import VAULT, KekUse, SubjectKey
from vault.tests.notes import Note

pytestmark = pytest.mark.django_db(databases=[VAULT])
BORN = date(1990, 5, 4)


@pytest.fixture
def subject(here):
    subject = uuid4()
    keys.ensure_subject_key(subject)
    return subject


@pytest.fixture
def note(notes, subject):
    return notes.create(subject=subject, text="itches", name="Pat", born=BORN, extra={"b": [1, "é"]})


def stored(note, column="text"):
    with connections[VAULT].cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM vault_note WHERE id = %s", [note.pk])
        value = cursor.fetchone()[0]
    return None if value is None else bytes(value)


def again(note):
    return type(note)._default_manager.get(pk=note.pk)


def test_values_come_back(note):
    found = again(note)
    assert (found.text, found.name, found.born, found.extra) == ("itches", "Pat", BORN, {"b": [1, "é"]})


def test_before_saving_it_reads_as_it_was_given(here):
    note = Note(name="Pat", text=gettext_lazy("lazy"))
    assert (note.name, note.text, note.born) == ("Pat", "lazy", None)
    note.name = "Ines"
    assert note.name == "Ines"


@pytest.mark.promise("P141")
@pytest.mark.promise("P62")
def test_the_column_holds_tokens_only(note):
    for column in ("text", "name", "born", "extra"):
        raw = stored(note, column)
        assert raw[:2] == b"\x01\x01"
        assert raw[2:18] == keys.subject_key(note.subject).uid.bytes
        for clear in (b"itches", b"Pat", b"1990", b"[1"):
            assert clear not in raw


def test_nothing_is_null_and_nothing_said_is_sealed(notes, subject):
    note = notes.create(subject=subject, name="", text=None)
    assert stored(note, "text") is None
    assert len(stored(note, "name")) == 98
    found = again(note)
    assert (found.text, found.name, found.born, found.extra) == (None, "", None, None)
    assert notes.filter(text__isnull=True).count() == 1
    assert notes.exclude(name__isnull=True).count() == 1


def test_an_unset_text_is_empty(notes, subject):
    assert again(notes.create(subject=subject)).name == ""


def test_the_same_text_is_never_the_same_token(notes, subject, note):
    other = notes.create(subject=subject, text="itches", name="Pat")
    assert stored(other) != stored(note)
    before = stored(note)
    note.text = "itches"
    note.save()
    assert stored(note) != before
    assert again(note).text == "itches"


def test_what_was_loaded_and_not_changed_is_written_back_as_it_was(note):
    before = {column: stored(note, column) for column in ("text", "name", "born", "extra")}
    found = again(note)
    assert found.name == "Pat"
    assert found.extra == {"b": [1, "é"]}
    found.title = "changed"
    found.save()
    assert {column: stored(note, column) for column in before} == before


def test_one_changed_field_reseals_only_itself(note):
    before = stored(note, "name")
    found = again(note)
    found.text = "better"
    found.save()
    assert again(note).text == "better"
    assert stored(note, "name") == before


def test_json_changed_in_place_is_saved(note):
    found = again(note)
    found.extra["b"].append(2)
    found.save()
    assert again(note).extra == {"b": [1, "é", 2]}


def test_update_fields(note):
    note.text, note.name = "better", "Ines"
    note.save(update_fields=["text"])
    assert (again(note).text, again(note).name) == ("better", "Pat")


def test_to_null_and_back(note):
    found = again(note)
    found.text = None
    found.save()
    assert stored(note) is None
    found.text = "back"
    found.save()
    assert again(note).text == "back"


def test_bulk_create(notes, subject):
    made = notes.bulk_create([Note(subject=subject, name=f"n{n}") for n in range(5)])
    assert [again(note).name for note in made] == [f"n{n}" for n in range(5)]


def test_opened_only_when_read_and_only_once(note, monkeypatch):
    opened: Counter[str] = Counter()
    real = sealing.open_bytes

    def counting(token, **place):
        opened[place["tag"]] += 1
        return real(token, **place)

    monkeypatch.setattr(fields, "open_bytes", counting)
    found = again(note)
    assert not opened
    assert found.name == found.name == "Pat"
    assert opened == {"patients.person.first_name/1": 1}


def test_deferred(note, django_assert_num_queries):
    manager = type(note)._default_manager
    for found in (manager.defer("text").get(pk=note.pk), manager.only("id", "uid").get(pk=note.pk)):
        assert "text" in found.get_deferred_fields()
        with django_assert_num_queries(1, using=VAULT):
            assert found.text == "itches"
        assert "text" not in found.get_deferred_fields()
    found = manager.defer("text").get(pk=note.pk)
    found.save()
    assert again(note).text == "itches"


def test_refresh_from_db(note):
    found = again(note)
    note.text, note.extra = "better", None
    note.save()
    found.refresh_from_db()
    assert (found.text, found.extra) == ("better", None)
    found.text = "unsaved"
    found.refresh_from_db(fields=["text"])
    assert found.text == "better"
    found.save()
    assert again(note).text == "better"


def test_an_unsaved_row_without_a_value(here):
    note = Note.from_db(VAULT, ["id", "uid"], [None, uuid7()])
    with pytest.raises(AttributeError):
        assert note.text


# --- Queries never carry clear text ---


def test_values_are_opaque(note):
    manager = type(note)._default_manager
    token = manager.values("text").get()["text"]
    assert isinstance(token, Token)
    assert manager.values_list("text", flat=True).get() == token
    assert bytes(token) == stored(note)
    assert hash(token) == hash(Token(stored(note)))
    assert token != stored(note)
    for shown in (repr(token), str(token), f"{token}", repr({"t": token})):
        assert "sealed" in shown
        assert "itches" not in shown
        assert "\\x" not in shown
    with pytest.raises(TypeError):
        json.dumps(token)


@pytest.mark.parametrize(
    "lookup", ["text", "text__exact", "text__contains", "text__in", "text__gt", "name__iexact"]
)
def test_no_lookups(notes, lookup):
    with pytest.raises(FieldError):
        list(notes.filter(**{lookup: "itches"}))


def test_no_writes_past_save(notes, note):
    with pytest.raises(TypeError, match="sealed"), transaction.atomic(using=VAULT):
        notes.update(text="clear")
    with pytest.raises(TypeError, match="sealed"), transaction.atomic(using=VAULT):
        notes.bulk_update([note], ["text"])
    with pytest.raises(TypeError):
        note.text = models.F("name")
    assert again(note).text == "itches"
    notes.update(text=None)
    assert again(note).text is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("text", 1),
        ("text", b"x"),
        ("born", "1990-05-04"),
        ("born", datetime(1990, 5, 4, tzinfo=UTC)),
        ("extra", {1, 2}),
    ],
)
def test_wrong_kinds_are_refused_at_once(here, name, value):
    with pytest.raises(TypeError):
        Note(**{name: value})


def test_serializers_refuse(note):
    with pytest.raises(TypeError, match="exported by privacy"):
        serializers.serialize("json", [note])


def test_clear_text_does_not_travel(note):
    with pytest.raises(TypeError, match="does not travel"):
        pickle.dumps(note.__dict__["text"])
    found = again(note)
    assert found.text == "itches"
    cell = pickle.dumps(found.__dict__["text"])
    assert b"itches" not in cell
    assert bytes(pickle.loads(cell).token) == stored(note)
    assert "itches" not in repr(found.__dict__)
    assert copy.deepcopy(found.__dict__["text"]).value == "itches"


# --- Keys and places ---


def test_under_the_clinic_key_without_a_subject(notes):
    note = notes.create(subject=None, name="Pat")
    assert stored(note, "name")[2:18] == keys.clinic_key().uid.bytes
    assert again(note).name == "Pat"


def test_under_a_draft(notes):
    subject = uuid4()
    draft = keys.draw_subject_key(subject)
    note = notes.create(subject=subject, name="Pat")
    keys.keep(draft)
    keys.forget_all()
    assert again(note).name == "Pat"


def test_no_key_no_row(notes):
    with pytest.raises(NoSubjectKey), transaction.atomic(using=VAULT):
        notes.create(subject=uuid4(), name="Pat")
    assert notes.count() == 0


def test_tokens_moved_in_the_database_do_not_open(notes, subject, note):
    other = notes.create(subject=subject, text="fine", name="Ines")
    notes.filter(pk=other.pk).update(text=Token(stored(note)))
    with pytest.raises(Damaged):
        assert again(other).text
    notes.filter(pk=other.pk).update(text=Token(stored(other, "name")))
    with pytest.raises(Damaged):
        assert again(other).text
    assert again(other).name == "Ines"


@pytest.mark.parametrize("raw", [b"", b"x", b"itches", b"\x01\x01" + bytes(200)])
def test_rubbish_in_the_column(note, raw):
    type(note)._default_manager.update(text=Token(raw))
    with pytest.raises((Damaged, Shredded)):
        assert again(note).text


def test_a_copied_row_is_sealed_anew_or_refused(note):
    opened = again(note)
    for name in ("text", "name", "born", "extra"):
        getattr(opened, name)
    opened.pk, opened.uid, opened._state.adding = None, uuid7(), True
    opened.save()
    assert again(opened).text == "itches"
    unopened = again(note)
    unopened.pk, unopened.uid, unopened._state.adding = None, uuid7(), True
    with pytest.raises(Damaged):
        unopened.save()


def test_a_shredded_row_still_loads_but_does_not_open(note):
    SubjectKey.objects.filter(subject=note.subject).delete()
    keys.forget(note.subject)
    found = again(note)
    assert found.title == ""
    with pytest.raises(Shredded):
        assert found.text


def test_warm_rows_is_one_query_for_all_keys(notes, django_assert_num_queries):
    for n in range(10):
        subject = uuid4()
        keys.ensure_subject_key(subject)
        notes.create(subject=subject, name=f"n{n}", text="t" if n % 2 else None)
    keys.forget_all()
    keys.clinic_key()
    rows = list(notes.order_by("pk"))
    with django_assert_num_queries(1, using=VAULT):
        warm_rows(rows)
        assert [row.name for row in rows] == [f"n{n}" for n in range(10)]
        assert [row.text for row in rows] == [None, "t"] * 5
        warm_rows(rows)
        warm_rows([])


def test_warm_rows_of_some_fields(notes, subject, note, django_assert_num_queries):
    keys.forget_all()
    keys.clinic_key()
    rows = list(notes.defer("name"))
    with django_assert_num_queries(0, using=VAULT):
        warm_rows(rows, "name")
    with django_assert_num_queries(1, using=VAULT):
        warm_rows(rows, "text")
        assert rows[0].text == "itches"


# --- For Django ---


def test_migrations_know_the_tag():
    field = SealedTextField(tag="soap.subjective/1", null=True)
    field.set_attributes_from_name("text")
    written = MigrationWriter.serialize(field)[0]
    assert "vault.fields.SealedTextField(null=True, tag='soap.subjective/1')" in written
    _, path, args, kwargs = field.deconstruct()
    assert path == "vault.fields.SealedTextField"
    assert SealedTextField(*args, **kwargs).tag == field.tag
    assert field.clone().tag == field.tag
    assert field.db_type(connections[VAULT]) == "bytea"


def test_full_clean_leaves_sealed_fields_alone(here):
    note = Note(name="Pat")
    note.clean_fields(exclude=["title", "uid", "subject"])
    assert note.name == "Pat"


def test_a_model_must_say_whose_text_it_is():
    from django.test.utils import isolate_apps

    with isolate_apps("vault"):

        class Loose(models.Model):
            text = SealedTextField(tag="soap.subjective/1")

            class Meta:
                app_label = "vault"

        assert [error.id for error in Loose._meta.get_field("text").check()] == ["vault.E002"]
    assert Note._meta.get_field("text").check() == []


def test_a_row_needs_a_name(here):
    with pytest.raises(TypeError, match="UUID"):
        fields.row_of(KekUse(kid="local-1"))
    key = SubjectKey()
    assert fields.row_of(key) == key.uid
