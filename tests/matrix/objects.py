"""An object of a clinic for each kind that an address names, made where the cast has none."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from accounts.models import ApiToken
from core.ids import uuid7
from tenants.context import enter
from tests.authenticator import enrol


def visit_of(house) -> UUID:
    from scheduling.actions import book_for

    cast, at = house.cast, datetime.now(UTC)
    with enter(house.clinic):
        from practice.models import Location
        from scheduling.queries import desk_starts

        day = at.astimezone(Location.objects.get().zone).date() + timedelta(days=3)
        start, provider = desk_starts(service=cast.services["botox"], location=cast.location, day=day, at=at)[
            0
        ]
        booked = book_for(
            service=cast.services["botox"],
            provider=provider,
            location=cast.location,
            start=start,
            person=cast.pat,
            by=house_actor(cast),
            user=cast.desk,
            at=at,
        )
    return booked.appointment.uid


def house_actor(cast):
    from accounts.actors import actor_for

    return actor_for(cast.desk)


def own_id(house, kind: str) -> object:
    cast = house.cast
    if kind == "person":
        return cast.pat.uid
    if kind == "service":
        return cast.services["botox"].uid
    if kind == "closure":
        with enter(house.clinic):
            from practice.actions import close_location

            day = datetime.now(UTC).date() + timedelta(days=30)
            return close_location(cast.location, day, day, by=house_actor(cast)).uid
    if kind == "category":
        return cast.services["botox"].category.uid
    if kind == "location":
        return cast.location.uid
    if kind == "room":
        return cast.rooms["two"].uid
    if kind == "device":
        return cast.devices["laser"].uid
    if kind == "appointment":
        return visit_of(house)
    if kind in {"guardianship", "correction"}:
        return tied(house, kind)
    if kind == "dependant":
        from patients.models import Guardianship

        with enter(house.clinic):
            Guardianship.objects.create(
                guardian=cast.pat, dependant=cast.stranger, relation="parent", linked_at=datetime.now(UTC)
            )
        return cast.stranger.uid
    if kind == "two_people":
        return f"{cast.pat.uid} {cast.people['quinn'].uid}"
    if kind == "merge":
        from core.clock import now
        from patients import merging

        with enter(house.clinic):
            pair = cast.people["quinn"].uid, cast.stranger.uid
            return merging.merge(cast.owner, *pair, choices={}, at=now()).uid
    if kind == "care_team":
        return f"{cast.pat.uid} {cast.users['provider'].pk}"
    if kind == "break_glass":
        from patients.models import BreakGlass

        with enter(house.clinic):
            at = datetime.now(UTC)
            opened = BreakGlass(person=cast.pat, user=cast.users["provider"], reason="Reaction tonight")
            opened.opened_at, opened.until = at, at + timedelta(hours=4)
            opened.save()
            return opened.uid
    if kind in {"product", "lot", "movement"}:
        return stocked(house, kind)
    if kind in {"injection", "recalled_lot", "recall_notice"}:
        return injected(house, kind)
    if kind == "encounter":
        from charting.actions import begin_encounter

        with enter(house.clinic):
            at = datetime.now(UTC)
            provider = cast.providers["ines"]
            made = begin_encounter(
                cast.pat, provider, location=cast.location, kind="treatment", by=house_actor(cast), at=at
            )
            return made.uid
    if kind in {"exam", "intake", "open_intake", "questionnaire", "license", "supervision", "provider"}:
        return before_treatment(house, kind)
    if kind in {"macro", "own_macro"}:
        from charting.models import Macro

        with enter(house.clinic):
            owner = cast.owner if kind == "own_macro" else None
            return Macro.objects.create(owner=owner, shortcut=uuid7().hex[-20:], text="Upright.").uid
    if kind == "note_template":
        from charting.actions.setting_up import save_template

        with enter(house.clinic):
            at, by = datetime.now(UTC), house_actor(cast)
            return save_template(None, name="Spare", services=[], definition={}, by=by, at=at).uid
    if kind in {"note", "signed_note", "appointment_of_care"}:
        return note_of(house, kind)
    if kind == "handed_health":
        return f"{cast.pat.uid} {before_treatment(house, 'questionnaire')} 1"
    if kind == "person_and_kind":
        return f"{cast.pat.uid} allergy"
    if kind == "history":
        from charting.actions import add_history

        with enter(house.clinic):
            given = {"text": "Latex", "code": "latex"}
            return add_history(cast.pat, "allergy", given, by=house_actor(cast), at=datetime.now(UTC)).line
    if kind in {"laser_series", "laser_session", "adverse_event"}:
        return under_way(house, kind)
    if kind in {"plan", "offered_plan", "plan_template", "sheet", "aftercare_text"}:
        return planned(house, kind)
    if kind == "photo":
        from photos.tests.pictures import released_photo

        return released_photo(house).uid
    if kind == "document":
        from documents.tests.papers import released_document

        return released_document(house).uid
    if kind == "token":
        with enter(house.clinic):
            spare = ApiToken(
                user=cast.owner, name="spare", token_hash=uuid7().bytes, created_at=datetime.now(UTC)
            )
            spare.save()
        return spare.uid
    if kind == "passkey":
        return UUID(enrol(house, cast.owner)[1].data["uid"])
    if kind == "saved_view":
        from scheduling.actions import save_view

        with enter(house.clinic):
            at = datetime.now(UTC)
            name = uuid7().hex
            return save_view(
                cast.owner, name=name, is_week=True, query="by=room", by=house_actor(cast), at=at
            ).uid
    if kind in {"endpoint", "delivery"}:
        return webhook_of(house, kind)
    if kind in {"colleague", "invitation"}:
        return spare_person(house, kind)
    if kind == "time_off":
        from core.spans import Span
        from scheduling.actions import take_time_off

        with enter(house.clinic):
            at = datetime.now(UTC)
            span = Span(at + timedelta(days=40), at + timedelta(days=40, hours=1))
            return take_time_off(cast.providers["nora"], span=span, by=house_actor(cast), at=at).uid
    if kind in {"form", "form_version", "signature", "handed"}:
        return paper_of(house, kind)
    raise KeyError(kind)


def before_treatment(house, kind: str) -> UUID:
    """What belongs to the gate: an exam, a health form with answers, a licence, a supervision."""
    from charting import actions
    from charting.actions import add_starter
    from practice.actions import add_license, assign_supervisor

    cast, at = house.cast, datetime.now(UTC)
    by, ines, sven = house_actor(cast), cast.providers["ines"], cast.providers["sven"]
    with enter(house.clinic):
        if kind == "provider":
            return ines.uid
        if kind == "exam":
            return actions.begin_exam(cast.pat, ines, location=cast.location, by=by, at=at).uid
        if kind == "license":
            day = at.date() + timedelta(days=90)
            return add_license(ines, kind="nurse", number="RN 1", state="TX", valid_until=day, by=by).uid
        if kind == "supervision":
            since = at.date() - timedelta(days=uuid7().int % 9000)
            return assign_supervisor(ines, sven, since=since, by=by).uid
        form = add_starter("laser", by=by, at=at)
        if kind == "questionnaire":
            return form.uid
        form.services.set(cast.services.values())
        opened = actions.open_intake(cast.pat, form, by=by, at=at)
        if kind == "intake":
            type(opened).objects.filter(pk=opened.pk).update(completed_at=at)
        return f"{form.uid} 1" if kind == "open_intake" else opened.uid


def note_of(house, kind: str) -> UUID:
    """A draft, or a visit whose patient the provider treats."""
    from charting.actions.notes import begin_note
    from charting.models import Encounter

    if kind == "appointment_of_care":
        return visit_of(house)
    if kind == "signed_note":
        from charting.tests.notes import signed

        with enter(house.clinic):
            return signed(house.cast).uid
    with enter(house.clinic):
        encounter = Encounter.objects.get(uid=own_id(house, "encounter"))
        user = house.cast.users["provider"]
        return begin_note(encounter, template=None, user=user, at=datetime.now(UTC)).uid


def stocked(house, kind: str) -> UUID:
    from practice.actions import create_product, stock

    cast, at = house.cast, datetime.now(UTC)
    with enter(house.clinic):
        by, name = house_actor(cast), uuid7().hex
        product = create_product(by=by, name=name, kind="neurotoxin", unit="unit", per_vial=10_000)
        made = stock.receive(
            product,
            number="C6184",
            expires_on=at.date() + timedelta(days=90),
            location=cast.location,
            quantity=10_000,
            by=by,
            at=at,
        )
        return {"product": product.uid, "lot": made.lot.uid, "movement": made.uid}[kind]


def injected(house, kind: str) -> object:
    """A point of Pat's with its encounter; or its lot, recalled, and Pat who was told."""
    from charting import actions
    from charting.actions.recall import run_recall
    from practice.models import Lot

    cast, at, by = house.cast, datetime.now(UTC), house_actor(house.cast)
    lot_uid = stocked(house, "lot")
    with enter(house.clinic):
        lot = Lot.objects.select_related("product").get(uid=lot_uid)
        how = {"location": cast.location, "kind": "treatment", "by": by, "at": at}
        encounter = actions.begin_encounter(cast.pat, cast.providers["ines"], **how)
        mark = actions.Mark("face_front", 500, 400, lot.product, 400, lot)
        point = actions.chart_point(encounter, mark, version=0, by=by, at=at)
        if kind == "injection":
            return f"{encounter.uid} {point.uid}"
        run_recall(lot, reason="Sterility doubted", by=by, at=at)
        return lot.uid if kind == "recalled_lot" else f"{lot.uid} {cast.pat.uid}"


def planned(house, kind: str) -> UUID:
    """A plan of the patient's, offered or not yet; its stages as a template; what was given after a visit."""
    from charting import actions
    from charting.plans.content import Content
    from charting.tests.plans import drafted, offered, published

    cast, at, by = house.cast, datetime.now(UTC), house_actor(house.cast)
    with enter(house.clinic):
        if kind == "plan":
            return drafted(cast, at=at).uid
        if kind == "offered_plan":
            return offered(cast, at=at).plan.uid
        if kind == "plan_template":
            content = Content.of(drafted(cast, at=at).draft)
            return actions.keep_template(content, name="Often", by=by, at=at).uid
        text = published(cast, at=at, services=[])
        if kind == "aftercare_text":
            return text.uid
        return actions.hand_out(cast.pat, text, send=False, site="", by=by, at=at).uid


def paper_of(house, kind: str) -> object:
    """A form that everybody is asked for, its version, or what the patient signed of it."""
    from consents.models import Signature
    from consents.tests.papers import published, signed

    with enter(house.clinic):
        version = published(uuid7().hex, asked="everyone", at=datetime.now(UTC) - timedelta(days=2))
        if kind == "signature":
            made: Signature = signed(version, house.cast.pat, at=datetime.now(UTC) - timedelta(days=1))
            return made.uid
        if kind == "handed":
            return f"{house.cast.pat.uid} {version.form.uid}"
        return version.form.uid if kind == "form" else version.uid


def under_way(house, kind: str) -> UUID:
    """A series of the patient, or its first session."""
    from charting.tests.courses import begin, treat
    from charting.tests.reactions import reaction

    with enter(house.clinic):
        if kind == "adverse_event":
            return reaction(house.cast).uid
        series = begin(house.cast)
        return series.uid if kind == "laser_series" else treat(house.cast, series).uid


def webhook_of(house, kind: str) -> UUID:
    from accounts.actors import actor_for
    from webhooks import actions

    by, at = actor_for(house.cast.owner), datetime.now(UTC)
    with enter(house.clinic):
        made, _secret = actions.add_endpoint(
            url="http://127.0.0.1:9/", events=["appointment.booked"], user=house.cast.owner, by=by, at=at
        )
        return made.uid if kind == "endpoint" else actions.send_test(made, by=by, at=at).uid


def spare_person(house, kind: str) -> UUID:
    """Somebody who treats, or is invited, besides the cast: what is done to them hurts no other line."""
    from accounts.actions import create_user, invite
    from audit.actors import job
    from practice.actions import create_provider

    by, at, email = job("tests"), datetime.now(UTC), f"{uuid7().hex}@{house.clinic.slug}.example"
    with enter(house.clinic):
        if kind == "invitation":
            return invite(email=email, role="provider", on="http://x", by=by, at=at).uid
        user = create_user(email=email, display_name="Spare", role="provider", by=by, at=at)
        create_provider(by=by, user=user, display_name="Spare")
        return user.pk


def tied(house, kind: str) -> str:
    """Two ids for one address: the patient's, and of what belongs to them."""
    from patients.models import Correction, Guardianship

    cast, at = house.cast, datetime.now(UTC)
    with enter(house.clinic):
        if kind == "correction":
            made = Correction.objects.create(person=cast.pat, text="Patricia", asked_at=at)
        else:
            made = Guardianship.objects.create(
                guardian=cast.people["quinn"], dependant=cast.pat, relation="parent", linked_at=at
            )
    return f"{cast.pat.uid} {made.uid}"
