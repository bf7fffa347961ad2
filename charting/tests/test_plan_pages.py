"""Pages of plans and aftercare: what the front desk does not see, what is typed and kept, what a code by text opens."""

import pytest
from django.urls import reverse

from charting import actions
from charting.models import AftercareSheet, PlanState, TreatmentPlan
from charting.tests.plans import AT, accepted, done, drafted, offered, published
from core.clock import now
from messaging.models import Message
from tests.cast import BY

FORM = {
    "title": "Calmer forehead",
    "goal": "Fewer lines at rest.",
    "instructions": "",
    "valid_until": "",
    "s0-sessions": "3",
    "s0-price": "",
    "s0-least_days": "84",
    "s0-best_days": "98",
    "s0-notes": "Secret remark",
}


def form(cast, **given):
    return FORM | {"s0-service": str(cast.services["botox"].uid)} | given


def provider(house):
    return house.client(house.cast.users["provider"])


def test_a_plan_is_written_offered_and_accepted_at_the_desk(inside):
    cast = inside.cast
    page = provider(inside)
    made = page.post(reverse("charting:new_plan", args=[cast.pat.uid]), form(cast))
    assert made.status_code == 303
    plan = TreatmentPlan.objects.get()
    read = page.get(made["location"]).content.decode()
    assert "$1,080.00" in read
    assert "Secret remark" in read
    assert page.post(reverse("charting:offer_plan", args=[plan.uid]), {"revision": "1"}).status_code == 303
    desk = inside.client(cast.desk)
    seen = desk.get(reverse("charting:plan", args=[plan.uid])).content.decode()
    assert "Calmer forehead" in seen
    assert "$1,080.00" in seen
    assert "The patient told you" in seen
    for hidden in ("Secret remark", "Fewer lines"):
        assert hidden not in seen
    answer = {"answer": "accept", "how": "phone", "name": "Pat Peterson", "reason": ""}
    refused = desk.post(reverse("charting:decide_plan", args=[plan.uid]), answer | {"name": ""})
    assert refused.status_code == 422
    assert desk.post(reverse("charting:decide_plan", args=[plan.uid]), answer).status_code == 303
    plan.refresh_from_db()
    assert plan.state == PlanState.ACCEPTED
    again = desk.post(reverse("charting:decide_plan", args=[plan.uid]), answer)
    assert again.status_code == 409
    assert desk.get(reverse("charting:edit_plan", args=[plan.uid])).status_code == 404
    assert desk.get(reverse("charting:download_plan", args=[plan.uid])).status_code == 404


def test_the_front_desk_sees_no_instructions_of_a_plan(inside):
    accepted(inside.cast, at=AT)
    published(inside.cast)
    from scheduling.signals import appointment_changed

    visit = done(inside.cast, at=now())
    appointment_changed.send(sender=type(visit), appointment=visit, verb="done", at=now())
    sheet = AftercareSheet.objects.get()
    assert sheet.plan_version is not None
    url = reverse("charting:sheet", args=[sheet.uid])
    assert "Frown gently" in provider(inside).get(url).content.decode()
    seen = inside.client(inside.cast.desk).get(url).content.decode()
    assert "Stay upright" in seen
    assert "Frown gently" not in seen
    listed = inside.client(inside.cast.desk).get(reverse("charting:plans", args=[inside.cast.pat.uid]))
    assert "Fewer lines" not in listed.content.decode()


def test_rows_come_go_and_change_places_and_nothing_typed_is_lost(inside):
    cast, page = inside.cast, provider(inside)
    url = reverse("charting:new_plan", args=[cast.pat.uid])
    more = page.post(url, form(cast, do="add")).content.decode()
    assert more.count('<fieldset class="card"') == 2
    assert "Secret remark" in more
    two = form(cast, **{"s1-service": "", "s1-sessions": "7", "s1-notes": "Second"})
    moved = page.post(url, two | {"do": "up-1"}).content.decode()
    assert moved.index('value="7"') < moved.index("Secret remark")
    out = page.post(url, two | {"do": "remove-0"}).content.decode()
    assert "Secret remark" not in out
    assert 'value="7"' in out
    assert TreatmentPlan.objects.count() == 0


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"title": ""}, "Give the plan a title."),
        ({"s0-service": "nonsense"}, "Choose one of the list."),
        ({"s0-sessions": "many"}, "Give a whole number from 1 to 60."),
        ({"s0-price": "cheap"}, "Give an amount such as 180"),
        ({"s0-best_days": "2"}, "cannot be less"),
        ({"valid_until": "2020-01-01"}, "between today and two years"),
        ({"s0-notes": "x" * 1001}, "Use at most"),
        ({"goal": "a\x00b"}, "cannot be"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(inside, given, said):
    refused = provider(inside).post(
        reverse("charting:new_plan", args=[inside.cast.pat.uid]), form(inside.cast) | given
    )
    assert refused.status_code == 422
    words = refused.content.decode()
    assert said in words or "Null characters" in words
    assert "98" in words
    assert TreatmentPlan.objects.count() == 0


def test_two_who_write_at_once_do_not_overwrite_each_other(inside):
    plan = drafted(inside.cast, at=now())
    url = reverse("charting:edit_plan", args=[plan.uid])
    assert provider(inside).post(url, form(inside.cast, revision="1", title="First")).status_code == 303
    late = provider(inside).post(url, form(inside.cast, revision="1", title="Second"))
    assert late.status_code == 409
    assert "Second" in late.content.decode()
    plan.refresh_from_db()
    assert plan.title == "First"


def test_the_patient_accepts_in_the_portal_and_keeps_a_paper(inside):
    version = offered(inside.cast, at=now())
    portal = inside.portal(inside.cast.pat)
    home = portal.get("/portal/").content.decode()
    assert "A treatment plan to read" in home
    assert "Calmer forehead" not in home
    url = f"/portal/plans/{version.plan.uid}/"
    page = portal.get(url).content.decode()
    assert "This is an estimate, not a bill" in page
    refused = portal.post(url, {"name": "", "reason": "perhaps"})
    assert refused.status_code == 422
    assert "perhaps" in refused.content.decode()
    assert portal.post(url, {"name": "Pat Peterson"}).status_code == 303
    assert "You accepted this" in portal.get(url).content.decode()
    assert portal.post(url, {"name": "Pat Peterson"}).status_code == 303, "a second press finds the first"
    assert portal.get(f"{url}plan.pdf").content.startswith(b"%PDF")


def test_a_draft_is_nobodys_to_read_but_the_staffs(inside):
    plan = drafted(inside.cast, at=now())
    portal = inside.portal(inside.cast.pat)
    assert portal.get(f"/portal/plans/{plan.uid}/").status_code == 404
    assert "Calmer forehead" not in portal.get("/portal/plans/").content.decode()


def test_a_code_by_text_opens_aftercare_and_no_plan(inside):
    version = offered(inside.cast, at=now())
    text = published(inside.cast)
    sheet = actions.hand_out(inside.cast.pat, text, send=False, site="", by=BY, at=now())
    portal = inside.portal(inside.cast.pat, kind="phone")
    assert portal.get("/portal/plans/").status_code == 403
    assert portal.get(f"/portal/plans/{version.plan.uid}/").status_code == 403
    assert portal.post(f"/portal/plans/{version.plan.uid}/decline/").status_code == 404
    assert portal.get(f"/portal/plans/{version.plan.uid}/plan.pdf").status_code == 404
    assert "Stay upright" in portal.get(f"/portal/aftercare/{sheet.uid}/").content.decode()


def test_reading_it_is_noted_once(inside):
    text = published(inside.cast)
    sheet = actions.hand_out(inside.cast.pat, text, send=False, site="", by=BY, at=now())
    portal = inside.portal(inside.cast.pat)
    assert "What to do now" in portal.get("/portal/").content.decode()
    portal.get(f"/portal/aftercare/{sheet.uid}/")
    sheet.refresh_from_db()
    first = sheet.read_at
    portal.get(f"/portal/aftercare/{sheet.uid}/")
    sheet.refresh_from_db()
    assert sheet.read_at == first
    assert "What to do now" not in portal.get("/portal/").content.decode()
    assert portal.get(f"/portal/aftercare/{sheet.uid}/aftercare.pdf").content.startswith(b"%PDF")


def test_staff_hands_out_and_sends_again(inside):
    text = published(inside.cast)
    desk, pat = inside.client(inside.cast.desk), inside.cast.pat
    url = reverse("charting:hand_out_aftercare", args=[pat.uid])
    assert desk.post(url, {"text": "no", "how": "send"}).status_code == 303
    assert AftercareSheet.objects.count() == 0
    made = desk.post(url, {"text": str(text.uid), "how": "send"})
    assert Message.objects.filter(kind="aftercare").count() == 1
    sheet = AftercareSheet.objects.get()
    assert made["location"] == reverse("charting:sheet", args=[sheet.uid])
    desk.post(reverse("charting:send_sheet", args=[sheet.uid]))
    assert Message.objects.filter(kind="aftercare").count() == 2
    timeline = provider(inside).get(reverse("charting:chart", args=[pat.uid])).content.decode()
    assert "Aftercare sent" in timeline


def test_texts_are_previewed_published_and_archived(inside):
    owner = inside.client(inside.cast.owner)
    new = reverse("charting:new_aftercare_text")
    typed = {"name": "Peel", "title_en": "After a peel", "body_en": "Dry.\n# Call\n- {phone}"}
    shown = owner.post(new, typed | {"do": "preview"})
    assert shown.status_code == 200
    assert "nothing is published yet" in shown.content.decode()
    assert "(512)" in shown.content.decode()
    refused = owner.post(new, typed | {"title_en": "", "do": "preview"})
    assert refused.status_code == 422
    made = owner.post(new, typed)
    assert made.status_code == 303
    assert owner.post(made["location"], typed | {"body_en": "Drier."}).status_code == 303
    stale = owner.post(made["location"], typed | {"body_en": "Driest."})
    assert stale.status_code == 409
    assert "Driest." in stale.content.decode()
    listed = owner.get(reverse("charting:aftercare_texts")).content.decode()
    assert "version 2" in listed


def test_templates_are_kept_used_renamed_and_archived(inside):
    plan = drafted(inside.cast, at=now())
    owner = inside.client(inside.cast.owner)
    owner.post(reverse("charting:keep_plan_template", args=[plan.uid]), {"name": "Forehead, a year"})
    page = provider(inside).get(reverse("charting:new_plan", args=[inside.cast.pat.uid])).content.decode()
    assert "Forehead, a year" in page
    uid = page.split("?template=")[1][:36]
    filled = provider(inside).get(
        reverse("charting:new_plan", args=[inside.cast.pat.uid]) + f"?template={uid}"
    )
    assert 'value="3"' in filled.content.decode()
    assert "Forehead first" not in filled.content.decode()
    rename = reverse("charting:rename_plan_template", args=[uid])
    assert owner.post(rename, {"name": " "}).status_code == 422
    assert owner.post(rename, {"name": "A year"}).status_code == 303
    assert owner.post(reverse("charting:archive_plan_template", args=[uid])).status_code == 303
    assert "No template yet" in owner.get(reverse("charting:plan_templates")).content.decode()
