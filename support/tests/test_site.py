"""What the admin shows, and what it cannot: nothing of a clinic's schema, and nothing writes past our actions."""

import re

import pytest
from django.conf import settings
from django.contrib import admin

from accounts.models import User
from accounts.roles import PLATFORM_ROLES
from audit.models import Event
from core.clock import now
from core.tables import Holder, TableClass
from support.site import site
from tenants.classes import declaration_of
from tenants.context import enter_public
from tests.platform import browser, hire
from website.models import Lead

LISTS = [
    "/admin/",
    "/admin/tenants/clinic/",
    "/admin/tenants/clinic/?q=glow&state__exact=active",
    "/admin/accounts/user/",
    "/admin/accounts/invitation/",
    "/admin/audit/event/",
    "/admin/support/customdomain/",
    "/admin/tenants/provideraccount/",
    "/admin/website/lead/",
    "/admin/website/signup/",
    "/admin/plans/",
    "/admin/account/",
]


@pytest.mark.promise("P160")
@pytest.mark.promise("P24")
def test_no_model_of_a_clinic_is_registered():
    only_in_clinics = {app.split(".")[0] for app in settings.TENANT_APPS} - {
        app.split(".")[0] for app in settings.SHARED_APPS
    }
    for model in site._registry:
        said = declaration_of(model)
        assert model._meta.app_config.name not in only_in_clinics, model
        assert said is not None
        assert said.table_class is not TableClass.CLINICAL, model
        assert said.holder is not Holder.PATIENT, model


def test_djangos_own_site_is_ours_and_empty():
    assert admin.site._registry == {}


@pytest.mark.parametrize("role", sorted(PLATFORM_ROLES))
def test_nobody_adds_changes_or_deletes_past_our_actions(rf, role):
    request = rf.get("/admin/")
    request.user = User(role=role)
    for page in site._registry.values():
        assert not page.has_add_permission(request)
        assert not page.has_change_permission(request)
        assert not page.has_delete_permission(request)
        assert not page.get_actions(request)


@pytest.mark.parametrize("path", LISTS)
def test_pages_open_without_a_word_of_script_or_style_inside(clinics, path):
    answer = browser(hire()).get(path)
    assert answer.status_code == 200
    assert b"<style" not in answer.content
    assert b" style=" not in answer.content
    assert b"<script src=" in answer.content
    policy = set(answer["Content-Security-Policy"].split("; "))
    assert {"default-src 'none'", "script-src 'self'", "style-src 'self'"} <= policy
    assert answer["Cache-Control"] in ("no-store", "max-age=0, no-cache, no-store, must-revalidate, private")


def test_a_detail_page_takes_no_post(glow):
    client = browser(hire())
    answer = client.post(f"/admin/tenants/clinic/{glow.clinic.uid}/", {"name": "Mine"})
    assert answer.status_code == 403


@pytest.mark.promise("P153")
def test_looking_is_in_the_trail(glow):
    me = hire()
    client = browser(me)
    client.get("/admin/accounts/user/")
    client.get(f"/admin/tenants/clinic/{glow.clinic.uid}/")
    with enter_public():
        listed = Event.objects.get(verb="platform.listed", object_type="accounts.user", actor_id=str(me.pk))
        assert listed.shown == [me.pk]
        assert Event.objects.filter(
            verb="platform.opened", object_type="tenants.clinic", object_id=str(glow.clinic.uid)
        ).exists()


def test_columns_are_named_in_words_and_stack_on_a_phone(glow):
    page = browser(hire()).get("/admin/tenants/clinic/").content.decode()
    assert (
        f'<th scope="row"><a href="/admin/tenants/clinic/{glow.clinic.uid}/">{glow.clinic.slug}</a></th>'
        in page
    )
    assert "Address on the web" in page
    assert '<td data-label="Since">' in page
    assert '<td data-label="State"><span class="badge' in page
    assert "Slug" not in page
    assert "Created at" not in page
    one = browser(hire("support_lead")).get(f"/admin/tenants/clinic/{glow.clinic.uid}/").content.decode()
    assert re.search(r'<dt>Since</dt><dd><time datetime="[^"]+">\w{3,5}\.? \d', one)


def test_what_visitors_typed_is_text_in_lists(glow):
    Lead.objects.create(
        name="<b>Lou</b>",
        email="lou@example.com",
        consent_version="1",
        consent_text="Yes",
        consented_at=now(),
        created_at=now(),
    )
    page = browser(hire()).get("/admin/website/lead/").content.decode()
    assert "&lt;b&gt;Lou&lt;/b&gt;" in page
    assert "<b>Lou" not in page


@pytest.mark.promise("P160")
def test_an_agent_reads_and_is_offered_nothing(glow):
    client = browser(hire("support_agent"))
    page = client.get(f"/admin/tenants/clinic/{glow.clinic.uid}/").content.decode()
    assert "/suspend/" not in page
    assert "/plan/" not in page
    assert "Leads" not in client.get("/admin/").content.decode()


def test_the_trail_page_opens_sealed_details(glow):
    client = browser(hire())
    client.post(f"/admin/tenants/clinic/{glow.clinic.uid}/plan/", {"plan": "solo"})
    with enter_public():
        event = Event.objects.get(verb="clinic.plan_changed")
        assert b"solo" not in bytes(event.detail)
    page = client.get(f"/admin/audit/event/{event.pk}/").content.decode()
    assert "after: solo" in page


def test_nonsense_in_the_address_is_not_found(glow):
    client = browser(hire())
    for path in ("accounts/user/nonsense/", "tenants/clinic/1/", "support/customdomain/x/verify/"):
        assert client.get(f"/admin/{path}").status_code == 404
