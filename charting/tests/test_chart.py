"""The chart: its timeline is sifted, paged, cheap, and nobody else's."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
import time_machine
from pypdf import PdfReader

from audit.models import Event
from messaging.models import Message
from patients.record import Entry
from patients.timeline import PAGE, Asked, sift
from tenants.context import enter
from tests import busy
from tests.budgets import listed, statements

AT = datetime(2026, 3, 3, 16, 0, tzinfo=UTC)
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AT, tick=False) as traveller:
        yield traveller


@pytest.fixture
def two_hundred(glow):
    """Pat has been here 200 times, a day apart."""
    with enter(glow.clinic):
        busy.visits(glow.cast, 200, before=AT)
    return glow


def page(house):
    return f"/desk/patients/{house.cast.pat.uid}/chart/"


@pytest.mark.promise("P48")
def test_a_chart_of_200_visits_opens_within_15_queries(two_hundred):
    client = two_hundred.client(two_hundred.cast.users["provider"])
    found = statements(client, page(two_hundred))
    assert len(found) <= 15, listed(found)
    assert client.get(page(two_hundred)).content.decode().count("timeline__item") == PAGE


def test_it_is_sifted_by_kind_year_and_words_and_paged(two_hundred):
    client = two_hundred.client(two_hundred.cast.users["provider"])
    first = client.get(page(two_hundred), {"year": "2025"})
    assert first.context["timeline"].total == 200 - 61
    botox = client.get(page(two_hundred), {"q": "BOTOX", "kind": "visit"})
    assert botox.context["timeline"].total == 67
    older = client.get(page(two_hundred), {"page": "5"}).context["timeline"]
    assert (len(older.entries), older.older, older.newer) == (40, "", "?page=4")
    nothing = client.get(page(two_hundred), {"kind": "photo"}).content.decode()
    assert "Nothing like that" in nothing


def test_htmx_gets_the_part_and_a_link_the_page(two_hundred):
    client = two_hundred.client(two_hundred.cast.users["provider"])
    part = client.get(page(two_hundred), {"kind": "visit"}, headers=HTMX)
    assert part.content.decode().startswith('<section class="chart__time"')
    assert "HX-Request" in part["Vary"]
    assert "<html" in client.get(page(two_hundred), {"kind": "visit"}).content.decode()


@pytest.mark.parametrize(
    "query",
    [
        {"page": "0"},
        {"page": "-1"},
        {"page": "99999999999"},
        {"year": "٢٠٢٥"},
        {"kind": "<script>"},
        {"q": "\0" * 5 + "x" * 500},
    ],
)
def test_nonsense_in_the_address_is_as_if_it_were_not_there(query, glow):
    client = glow.client(glow.cast.users["provider"])
    answer = client.get(page(glow), query)
    assert answer.status_code == 200
    assert b"kind=<script>" not in answer.content


def test_kinds_are_counted_within_the_year_and_words():
    entries = [
        Entry(AT, "visit", "Botox"),
        Entry(AT, "strange_kind", "Botox again"),
        Entry(AT - timedelta(days=400), "visit", "Peel"),
    ]
    shown = sift(entries, Asked.of({"year": "2026"}), ZoneInfo("UTC"))
    assert [(str(chip.label), chip.count) for chip in shown.chips] == [
        ("All", 2),
        ("Visits", 1),
        ("Strange kind", 1),
    ]
    assert shown.years == [2026, 2025]
    assert shown.chips[1].href == "?kind=visit&year=2026"


@pytest.mark.parametrize("role", ["front_desk", "admin", "marketer", "analyst"])
def test_nobody_else_opens_it(role, two_hundred):
    assert two_hundred.client(two_hundred.cast.users[role]).get(page(two_hundred)).status_code == 404


def test_the_whole_record_is_printed_and_that_is_noted_and_told(two_hundred):
    client = two_hundred.client(two_hundred.cast.users["provider"])
    answer = client.post(f"/desk/patients/{two_hundred.cast.pat.uid}/record.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert "Pat" not in answer["Content-Disposition"]
    words = "".join(sheet.extract_text() for sheet in PdfReader(BytesIO(answer.content)).pages)
    assert "Record of Pat Peterson" in words
    assert words.count("Botox") == 67
    with enter(two_hundred.clinic):
        assert Event.objects.filter(verb="record.printed", patient_id=two_hundred.cast.pat.uid).count() == 1
        told = [one for one in Message.objects.filter(kind="security_alert") if one.created_at >= AT]
        assert {"olive@glow.example", "ines@glow.example"} <= {one.to for one in told}


@pytest.mark.parametrize("role", ["front_desk", "admin", "marketer", "analyst"])
def test_nobody_else_prints_it(role, glow):
    client = glow.client(glow.cast.users[role])
    assert client.post(f"/desk/patients/{glow.cast.pat.uid}/record.pdf").status_code == 404
