"""What counts as signed: the version, the expiry by the clinic's clock, the withdrawal."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from consents import actions, queries, rules
from consents.models import EndedHow, EndKind, FormKind
from consents.queries import State
from consents.tests.papers import BY, PUBLISHED, again, published, signed
from core.problems import Conflict, Invalid
from patients.models import Guardianship
from tenants.context import enter

pytestmark = [pytest.mark.promise("P65"), pytest.mark.promise("P70")]
AT = datetime(2026, 3, 3, 17, 0, tzinfo=UTC)
LATER = AT + timedelta(days=1)


def test_a_form_of_the_service_is_missing_until_it_is_signed(glow):
    with enter(glow.clinic):
        pat, botox, laser = glow.cast.pat, glow.cast.services["botox"], glow.cast.services["laser"]
        version = published(services=[botox])
        assert [each.state for each in queries.missing_for(pat, [botox], AT)] == [State.NEVER]
        assert queries.missing_for(pat, [laser], AT) == []
        signed(version, pat, at=AT)
        assert queries.missing_for(pat, [botox], LATER) == []
        assert queries.status_for(pat, LATER)[0].until == datetime(2027, 3, 4, 6, 0, tzinfo=UTC)


def test_it_expires_at_the_end_of_the_clinics_day_and_not_before(glow):
    with enter(glow.clinic):
        pat, botox = glow.cast.pat, glow.cast.services["botox"]
        made = signed(published(services=[botox]), pat, at=AT)
        assert made.expires_at is not None
        just_before = made.expires_at - timedelta(seconds=1)
        assert queries.missing_for(pat, [botox], just_before) == []
        assert queries.missing_for(pat, [botox], made.expires_at)[0].state is State.EXPIRED


def test_a_new_version_asks_again_and_a_correction_of_words_does_not(glow):
    with enter(glow.clinic):
        pat, botox = glow.cast.pat, glow.cast.services["botox"]
        version = published(services=[botox])
        signed(version, pat, at=AT)
        again(version.form, at=AT + timedelta(hours=1), asks_again=False)
        assert queries.missing_for(pat, [botox], LATER) == []
        third = again(version.form, at=AT + timedelta(hours=2))
        missing = queries.missing_for(pat, [botox], LATER)
        assert [(each.state, each.version) for each in missing] == [(State.OUTDATED, third)]
        with pytest.raises(actions.signing.FormChanged):
            signed(version, pat, at=LATER)


def test_a_withdrawal_counts_at_once_and_for_older_sheets_too(glow):
    with enter(glow.clinic):
        pat = glow.cast.pat
        version = published(kind=FormKind.PHOTO_MARKETING, asked="offered", signer="self")
        signed(version, pat, at=AT)
        made = signed(version, pat, at=LATER)
        kind = FormKind.PHOTO_MARKETING
        assert queries.has_live_authorization(pat, kind=kind, at=LATER)
        actions.end_signature(made, how=EndedHow.PORTAL, by=BY, at=LATER + timedelta(minutes=1))
        assert not queries.has_live_authorization(pat, kind=kind, at=LATER + timedelta(minutes=1))
        with pytest.raises(Conflict):
            actions.end_signature(made, how=EndedHow.PORTAL, by=BY, at=LATER)
        signed(version, pat, at=LATER + timedelta(hours=1))
        assert queries.has_live_authorization(pat, kind=kind, at=LATER + timedelta(hours=1))


def test_void_needs_a_reason_and_leaves_the_sheet_before_it(glow):
    with enter(glow.clinic):
        pat, botox = glow.cast.pat, glow.cast.services["botox"]
        version = published(services=[botox])
        first, second = signed(version, pat, at=AT), signed(version, pat, at=LATER)
        with pytest.raises(Invalid):
            actions.end_signature(second, kind=EndKind.VOIDED, how=EndedHow.SPOKEN, by=BY, at=LATER)
        actions.end_signature(
            second, kind=EndKind.VOIDED, how=EndedHow.SPOKEN, reason="Wrong patient", by=BY, at=LATER
        )
        assert queries.status_for(pat, LATER)[0].signature == first


def test_no_treatment_waits_for_a_marketing_authorization_or_the_notice(glow):
    with enter(glow.clinic):
        pat, botox = glow.cast.pat, glow.cast.services["botox"]
        from consents.models import ConsentForm

        ConsentForm.objects.filter(kind=FormKind.NPP).update(archived_at=AT)
        for kind in (FormKind.PHOTO_MARKETING, FormKind.MARKETING, FormKind.NPP):
            published(kind, kind=kind, services=[botox], texts={"en": {"title": "T", "body": "Words."}})
        assert queries.missing_for(pat, [botox], AT) == []
        assert len(queries.waiting_for(pat, [botox], AT)) == 3


@pytest.mark.parametrize(
    ("born", "code"),
    [(date(2010, 3, 4), "minor"), (date(2008, 3, 4), "minor"), (date(2008, 3, 3), None)],
)
def test_nobody_under_18_signs(glow, born, code):
    with enter(glow.clinic):
        quinn = glow.cast.people["quinn"]
        quinn.date_of_birth = born
        version = published()
        if code is None:
            signed(version, quinn, at=AT)
            return
        with pytest.raises(Invalid) as refused:
            signed(version, quinn, at=AT)
        assert [each["code"] for each in refused.value.errors] == [code]


def test_a_guardian_signs_until_the_child_is_of_age_and_the_signature_lasts_no_longer(glow):
    with enter(glow.clinic):
        pat, quinn = glow.cast.pat, glow.cast.people["quinn"]
        quinn.date_of_birth = date(2008, 6, 1)
        quinn.save()
        Guardianship.objects.create(guardian=pat, dependant=quinn, relation="parent", linked_at=PUBLISHED)
        version = published(services=[glow.cast.services["botox"]])
        made = signed(version, quinn, signer=pat, at=AT)
        zone = ZoneInfo(glow.cast.location.timezone)
        assert made.relation == "parent"
        assert made.expires_at == datetime(2026, 6, 1, tzinfo=zone)
        with pytest.raises(Invalid) as refused:
            signed(version, quinn, signer=pat, at=made.expires_at)
        assert [each["code"] for each in refused.value.errors] == ["not_guardian"]
        signed(version, quinn, at=made.expires_at)


def test_a_stranger_signs_for_nobody_and_a_guardian_never_what_is_the_patients_alone(glow):
    with enter(glow.clinic):
        pat, quinn = glow.cast.pat, glow.cast.people["quinn"]
        with pytest.raises(Invalid) as refused:
            signed(published(), quinn, signer=pat, at=AT)
        assert refused.value.errors[0]["code"] == "not_guardian"
        Guardianship.objects.create(guardian=pat, dependant=quinn, relation="carer", linked_at=PUBLISHED)
        with pytest.raises(Invalid) as refused:
            signed(published("Photos", kind="photo_marketing", signer="self"), quinn, signer=pat, at=AT)
        assert refused.value.errors[0]["code"] == "patient_only"


@pytest.mark.parametrize(
    ("signed_at", "months", "expected"),
    [
        # the clinic's day is still the 7th; its clocks change in the night to the 8th
        (datetime(2026, 3, 8, 2, 0, tzinfo=UTC), 1, datetime(2026, 4, 8, 5, 0, tzinfo=UTC)),
        (datetime(2026, 1, 31, 18, 0, tzinfo=UTC), 1, datetime(2026, 3, 1, 6, 0, tzinfo=UTC)),
        (datetime(2024, 2, 29, 18, 0, tzinfo=UTC), 12, datetime(2025, 3, 1, 6, 0, tzinfo=UTC)),
        (datetime(2026, 10, 8, 18, 0, tzinfo=UTC), 1, datetime(2026, 11, 9, 6, 0, tzinfo=UTC)),
    ],
)
def test_months_end_with_the_wall_clocks_day(signed_at, months, expected):
    assert rules.expiry(signed_at, months, ZoneInfo("America/Chicago")) == expected
