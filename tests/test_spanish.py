"""Patients read their own language: no text of theirs lacks its Spanish, and every page can be switched."""

import re
from datetime import UTC, datetime, time

import polib
import pytest
from django.test import Client
from django.utils import translation
from django.utils.formats import date_format, time_format

from tests import catalogue

HOLES = re.compile(r"%\(\w+\)[sd]|\{\w+\}|%%|</?\w+[^>]*>")
SPANISH = {"Accept-Language": "es-MX,es;q=0.9,en;q=0.5"}


@pytest.fixture(scope="module")
def entries():
    return {catalogue.of_entry(entry): entry for entry in polib.pofile(str(catalogue.PO))}


def test_every_text_a_patient_reads_has_its_spanish(entries):
    missing = {words.text: place for words, place in catalogue.needed().items() if words not in entries}
    assert missing == {}, "run `python -m tests.catalogue` and translate"
    assert [entry.msgid for entry in entries.values() if not entry.translated() or entry.fuzzy] == []


def test_nothing_is_kept_that_no_page_says(entries):
    assert entries.keys() - catalogue.needed().keys() == set()


def test_a_translation_fills_the_same_holes(entries):
    for entry in entries.values():
        pairs = [(entry.msgid, entry.msgstr)]
        if entry.msgid_plural:
            pairs = [(entry.msgid_plural, entry.msgstr_plural[1])]
        for text, translated in pairs:
            assert sorted(HOLES.findall(text)) == sorted(HOLES.findall(translated)), translated


def test_the_compiled_catalogue_is_that_of_the_texts(entries):
    compiled = {catalogue.of_entry(entry): entry for entry in polib.mofile(str(catalogue.MO))}
    assert {words: (entry.msgstr, entry.msgstr_plural) for words, entry in compiled.items()} == {
        words: (entry.msgstr, entry.msgstr_plural) for words, entry in entries.items()
    }


def test_the_browser_asks_for_spanish(glow):
    page = Client(HTTP_HOST=glow.host, headers=SPANISH).get("/book/")
    assert '<html lang="es"' in page.content.decode()
    assert "¿Qué le gustaría reservar?" in page.content.decode()


def test_a_choice_outlives_what_the_browser_asks_for(glow):
    client = Client(HTTP_HOST=glow.host, headers=SPANISH)
    answer = client.post("/language/", {"language": "en"}, headers={"Referer": f"http://{glow.host}/book/"})
    assert (answer.status_code, answer["Location"]) == (302, f"http://{glow.host}/book/")
    cookie = answer.cookies["language"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert "What would you like to book?" in client.get("/book/").content.decode()


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_the_way_back_stays_on_this_host(glow, elsewhere):
    answer = Client(HTTP_HOST=glow.host).post("/language/", {"language": "es", "next": elsewhere})
    assert answer["Location"] == "/"


def test_a_language_we_do_not_have_changes_nothing(glow):
    client = Client(HTTP_HOST=glow.host)
    assert "language" not in client.post("/language/", {"language": "tlh", "next": "/book/"}).cookies


def test_staff_pages_are_english(glow):
    page = Client(HTTP_HOST=glow.host, headers=SPANISH).get("/desk/sign-in/")
    assert '<html lang="en"' in page.content.decode()
    assert 'class="languages"' not in page.content.decode()


def test_english_times_are_as_people_say_them():
    with translation.override("en"):
        assert (
            date_format(datetime(2026, 3, 3, 14, 30, tzinfo=UTC), "D j M Y, g:i a")
            == "Tue 3 Mar 2026, 2:30 pm"
        )
        assert time_format(time(9), "TIME_FORMAT") == "9 am"
    compiled = polib.mofile(str(catalogue.ENGLISH.with_suffix(".mo")))
    assert {entry.msgid: entry.msgstr for entry in compiled} == {"a.m.": "am", "p.m.": "pm"}
