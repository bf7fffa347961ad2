"""A new visit for a found or a new patient, from one form that loses nothing."""

import re
from datetime import time

import pytest

from core.ids import uuid7
from desk.tests.days import TUESDAY, book, htmx, text_of, wall
from messaging.models import ConsentDecision, Message
from patients.models import Person
from scheduling.models import Appointment, Status
from tenants.context import enter

URL = "/desk/visits/new/"


def form(house, *, service="botox", provider="ines", day=TUESDAY, **more):
    cast = house.cast
    return {
        "location": str(cast.location.uid),
        "service": str(cast.services[service].uid) if service else "",
        "provider": str(cast.providers[provider].uid) if provider != "any" else "any",
        "day": day.isoformat(),
        "time": "15:00",
        "time_was": "",
        "start": "",
        "tell_patient": "on",
    } | more


def new_person(**more):
    return {
        "new": "1",
        "first_name": "Wanda",
        "last_name": "Webb",
        "date_of_birth": "1990-04-23",
        "phone": "(512) 555-0188",
        "email": "wanda@example.com",
    } | more


def booked(house):
    with enter(house.clinic):
        return list(Appointment.objects.whole().order_by("id"))


def people(house):
    with enter(house.clinic):
        return Person.objects.count()


@pytest.mark.parametrize("role", ["marketer", "analyst"])
def test_whoever_may_not_book_gets_a_clear_page(role, glow, clock):
    client = glow.client(glow.cast.users[role])
    assert client.get(URL).status_code == 403
    assert client.post(URL, form(glow, person=str(glow.cast.pat.uid))).status_code == 403
    assert booked(glow) == []


def test_a_free_time_of_the_calendar_fills_the_form(glow, clock):
    ines = glow.cast.providers["ines"].uid
    response = glow.client(glow.cast.desk).get(URL, {"provider": ines, "start": "2026-03-04T09:30"})
    body = response.content.decode()
    assert f'<option value="{ines}" selected>' in body
    assert 'value="2026-03-04"' in body
    assert 'value="09:30"' in body


def test_with_a_service_the_time_is_one_of_the_free_starts(glow, clock):
    query = {"start": "2026-03-04T09:30", "service": glow.cast.services["botox"].uid}
    body = glow.client(glow.cast.desk).get(URL, query).content.decode()
    assert re.search(r'value="2026-03-04T09:30[^"]*" required checked', body)
    assert 'value="09:30"' not in body


@pytest.mark.parametrize("given", ["nonsense", "2026-13-40T99:99", "\0"])
def test_an_odd_start_is_left_out(given, glow, clock):
    assert glow.client(glow.cast.desk).get(URL, {"start": given, "provider": "x"}).status_code == 200


def test_for_a_found_patient(glow, clock):
    client = glow.client(glow.cast.desk)
    response = client.post(
        URL, form(glow, person=str(glow.cast.pat.uid), notes="Quiet room", service_sms="on")
    )
    (visit,) = booked(glow)
    assert response.status_code == 303
    assert response["Location"] == f"/desk/visits/{visit.uid}/"
    assert visit.starts_at == wall(glow, time(15))
    with enter(glow.clinic):
        assert visit.note == "Quiet room"
        assert Message.objects.filter(about=visit.uid).count() == 2
        assert ConsentDecision.objects.get(subject=glow.cast.pat.uid).granted
    shown = client.get(response["Location"])
    assert "Visit booked." in text_of(shown)
    assert f'action="/desk/visits/{visit.uid}/unbook/"' in shown.content.decode()
    client.post(f"/desk/visits/{visit.uid}/unbook/")
    assert booked(glow)[0].status == Status.CANCELLED


def test_by_htmx_the_visits_page_follows(glow, clock):
    response = htmx(
        glow.client(glow.cast.desk), "post", URL, form(glow, person=str(glow.cast.pat.uid)), page=URL
    )
    assert response.status_code == 204
    assert response["HX-Redirect"] == f"/desk/visits/{booked(glow)[0].uid}/"


def test_for_a_new_patient(glow, clock):
    before = people(glow)
    glow.client(glow.cast.desk).post(URL, form(glow, **new_person()))
    (visit,) = booked(glow)
    with enter(glow.clinic):
        assert (visit.person.name, visit.person.phone) == ("Wanda Webb", "+15125550188")
        assert visit.person.is_verified
    assert people(glow) == before + 1


def test_whoever_is_free_gets_a_typed_time(glow, clock):
    book(glow, time(15), who="quinn", provider="ines")
    glow.client(glow.cast.desk).post(URL, form(glow, provider="any", person=str(glow.cast.pat.uid)))
    assert booked(glow)[-1].provider == glow.cast.providers["sven"]


def test_errors_come_all_at_once_and_keep_what_was_typed(glow, clock):
    before = people(glow)
    given = form(
        glow,
        service="",
        **new_person(last_name="", phone="+34 612 555 0", date_of_birth="2031-01-01", notes="Flight at 3"),
    )
    given["time"] = ""
    response = glow.client(glow.cast.desk).post(URL, given)
    words = text_of(response)
    assert response.status_code == 422
    for said in (
        "Enter the last name.",
        "A +34 number has 9 digits",
        "This date lies in the future.",
        "Choose a service.",
        "Choose a free time, or type one.",
    ):
        assert said in words
    body = response.content.decode()
    for kept in ("Wanda", "+34 612 555 0", "wanda@example.com", "Flight at 3"):
        assert kept in body
    assert booked(glow) == []
    assert people(glow) == before


def test_a_taken_time_stores_nothing_of_a_new_patient(glow, clock):
    book(glow, time(15), who="quinn")
    before = people(glow)
    response = glow.client(glow.cast.desk).post(URL, form(glow, **new_person()))
    assert response.status_code == 409
    assert "One thing stands in the way." in text_of(response)
    assert people(glow) == before
    assert 'value="Wanda"' in response.content.decode()
    over = form(glow, **new_person(override="on", override_reason="Twins"))
    assert glow.client(glow.cast.desk).post(URL, over).status_code == 303
    assert booked(glow)[-1].is_override


def test_a_possible_duplicate_is_shown_first(glow, clock):
    same = new_person(phone="512 555 0123", date_of_birth="1988-04-23", first_name="Patricia")
    client = glow.client(glow.cast.desk)
    response = client.post(URL, form(glow, **same))
    assert response.status_code == 422
    assert "Maybe this patient is here already." in text_of(response)
    assert "Pat Peterson" in text_of(response)
    used = client.post(URL, form(glow, **same, use=str(glow.cast.pat.uid)))
    assert used.status_code == 200
    assert f'name="person" value="{glow.cast.pat.uid}"' in used.content.decode()
    assert booked(glow) == []
    assert client.post(URL, form(glow, **same, new_anyway="on")).status_code == 303
    with enter(glow.clinic):
        assert booked(glow)[0].person.first_name == "Patricia"


def test_without_script_a_search_lists_whom_it_found(glow, clock):
    client = glow.client(glow.cast.desk)
    found = client.post(URL, form(glow, q="pet", then="find"))
    assert found.status_code == 200
    assert f'name="use" value="{glow.cast.pat.uid}"' in found.content.decode()
    # Enter in the search field sends the whole form: nobody was chosen yet, so the finds are shown again.
    entered = client.post(URL, form(glow, q="pet"))
    assert entered.status_code == 422
    assert "Choose one of the patients found" in text_of(entered)
    assert "Pat Peterson" in text_of(entered)
    assert booked(glow) == []


def test_the_buttons_of_the_form_keep_the_rest(glow, clock):
    client = glow.client(glow.cast.desk)
    new = client.post(URL, form(glow, notes="Flight at 3", then="new")).content.decode()
    assert 'name="first_name"' in new
    assert "Flight at 3" in new
    known = client.post(URL, form(glow, new="1", then="known")).content.decode()
    assert 'name="first_name"' not in known
    other = client.post(URL, form(glow, person=str(glow.cast.pat.uid), then="other")).content.decode()
    assert "Pat Peterson" not in other
    times = client.post(URL, form(glow, service="laser", provider="any", then="times")).content.decode()
    assert "Nora Novak" not in times.partition('id="id_provider"')[2].partition("</select>")[0]
    assert booked(glow) == []


def test_from_the_patients_page_the_patient_is_chosen(glow, clock):
    body = glow.client(glow.cast.desk).get(URL, {"person": str(glow.cast.pat.uid)}).content.decode()
    assert f'name="person" value="{glow.cast.pat.uid}"' in body


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_patient_of_another_clinic_or_none_is_404(method, glow, rival, clock):
    client = glow.client(glow.cast.desk)
    for uid in (rival.cast.pat.uid, uuid7()):
        assert getattr(client, method)(URL, form(glow, person=str(uid))).status_code == 404
    assert booked(glow) == []


def test_things_of_another_clinic_are_not_offered(glow, rival, clock):
    client = glow.client(glow.cast.desk)
    pat = str(glow.cast.pat.uid)
    for name, uid in (
        ("service", rival.cast.services["botox"].uid),
        ("provider", rival.cast.providers["ines"].uid),
    ):
        assert client.post(URL, form(glow, person=pat) | {name: str(uid)}).status_code == 422
    assert client.post(URL, form(glow, person=pat, location=str(rival.cast.location.uid))).status_code == 404
    assert booked(glow) == []


def test_long_and_broken_text_is_refused_politely(glow, clock):
    client = glow.client(glow.cast.desk)
    pat = str(glow.cast.pat.uid)
    assert client.post(URL, form(glow, person=pat, notes="x" * 10_000)).status_code == 422
    assert client.post(URL, form(glow, person=pat, notes="a\0b")).status_code == 422
    assert client.post(URL, form(glow, **new_person(first_name="A" * 10_000))).status_code == 422
    assert booked(glow) == []
