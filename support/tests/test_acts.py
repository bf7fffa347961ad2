"""What is done on the admin's pages: by whom, with what refused, and always in the trail."""

from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore

from accounts.models import Invitation, User
from accounts.sessions import CONFIRMED, FRESH
from audit.models import Event
from core.clock import now
from core.problems import Invalid
from messaging.models import Message
from support import actions, hosts
from support.models import CustomDomain
from support.site import site
from support.tasks import check_domain
from tenants import directory
from tenants.context import enter, enter_public
from tenants.models import Clinic, ClinicState, Domain, ProviderAccount
from tests.cast import PASSWORD
from tests.platform import browser, hire
from vault.secrets import open_secret
from website.models import Lead


def verbs(*wanted: str, since: datetime | None = None) -> list[str]:
    with enter_public():
        found = Event.objects.filter(verb__in=wanted, at__gte=since or datetime.min.replace(tzinfo=UTC))
        return list(found.order_by("at", "id").values_list("verb", flat=True))


# --- Suspension ---


def test_suspended_with_a_reason_and_reopened(glow):
    client, page = browser(hire("support_lead")), f"/admin/tenants/clinic/{glow.clinic.uid}"
    without = client.post(f"{page}/suspend/", {"reason": "  "})
    assert without.status_code == 422
    assert "Say why the clinic is suspended." in without.content.decode()
    assert client.post(f"{page}/suspend/", {"reason": "Invoice 12 unpaid"}).status_code == 302
    directory.forget()
    for path in ("/", "/book/", "/desk/"):
        shut = glow.client().get(path)
        assert shut.status_code == 503
        assert b"Invoice" not in shut.content
    assert "Invoice 12 unpaid" in client.get(f"{page}/").content.decode()
    assert client.get(f"{page}/suspend/").status_code == 409
    assert client.post(f"{page}/reopen/").status_code == 302
    directory.forget()
    assert glow.client().get("/book/").status_code == 200
    assert verbs("clinic.suspended", "clinic.reopened")[-2:] == ["clinic.suspended", "clinic.reopened"]


@pytest.mark.parametrize(("role", "status"), [("support_agent", 403), ("support_lead", 302)])
def test_an_agent_suspends_nobody(glow, role, status):
    path = f"/admin/tenants/clinic/{glow.clinic.uid}/suspend/"
    assert browser(hire(role)).post(path, {"reason": "unpaid"}).status_code == status


def test_a_lead_changes_no_plan(glow):
    path = f"/admin/tenants/clinic/{glow.clinic.uid}/plan/"
    assert browser(hire("support_lead")).post(path, {"plan": "solo"}).status_code == 403
    assert browser(hire()).post(path, {"plan": "gold"}).status_code == 422
    assert browser(User.objects.get(role="platform_admin")).post(path, {"plan": "solo"}).status_code == 302
    assert Clinic.objects.get(pk=glow.clinic.pk).plan == "solo"


def test_only_what_is_not_provisioned_is_repeated(glow, monkeypatch):
    sent: list[str] = []
    monkeypatch.setattr("tenants.tasks.provision.delay", sent.append)
    client, path = browser(hire("support_lead")), f"/admin/tenants/clinic/{glow.clinic.uid}/retry/"
    assert client.post(path).status_code == 409
    Clinic.objects.filter(pk=glow.clinic.pk).update(state=ClinicState.REQUESTED)
    assert client.post(path).status_code == 302
    assert sent == [str(glow.clinic.uid)]


# --- Confirming that it is you ---


def unconfirmed(user):
    client = browser(user)
    with enter_public():
        session = SessionStore(client.cookies[settings.SESSION_COOKIE_NAME].value)
        session[CONFIRMED] = (now() - FRESH).timestamp()
        session.save()
    return client


@pytest.mark.promise("P153")
def test_the_reason_is_in_the_trail(glow):
    page = f"/admin/tenants/clinic/{glow.clinic.uid}"
    client = browser(hire())
    client.post(f"{page}/suspend/", {"reason": "Invoice 12 unpaid"})
    client.post(f"{page}/reopen/")
    with enter_public():
        told = Event.objects.filter(object_id=str(glow.clinic.uid))
        suspended = told.get(verb="clinic.suspended")
        assert b"Invoice" not in bytes(suspended.detail)
        assert told.get(verb="clinic.reopened").detail is None
    assert "reason: Invoice 12 unpaid" in client.get(f"/admin/audit/event/{suspended.pk}/").content.decode()


def test_a_sensitive_act_asks_and_keeps_what_was_typed(glow):
    client, path = unconfirmed(hire()), f"/admin/tenants/clinic/{glow.clinic.uid}/suspend/"
    asked = client.post(path, {"reason": "Invoice 12 unpaid"})
    assert asked.status_code == 403
    assert 'name="reason" value="Invoice 12 unpaid"' in asked.content.decode()
    wrong = client.post(path, {"reason": "Invoice 12 unpaid", "step_up_secret": "wrong"})
    assert wrong.status_code == 422
    assert Clinic.objects.get(pk=glow.clinic.pk).state == ClinicState.ACTIVE
    right = client.post(path, {"reason": "Invoice 12 unpaid", "step_up_secret": PASSWORD})
    assert right.status_code == 302
    assert Clinic.objects.get(pk=glow.clinic.pk).suspended_reason == "Invoice 12 unpaid"
    assert client.post(path.replace("suspend", "reopen")).status_code == 302  # not asked twice


def test_a_secret_is_not_carried_along(glow):
    row = ProviderAccount.objects.get(clinic=glow.clinic)
    before, client = bytes(row.secret), unconfirmed(hire())
    path, typed = f"/admin/tenants/provideraccount/{row.pk}/renew/", {"address": "+15125550144"}
    asked = client.post(path, typed | {"secret": "a-new-secret-of-theirs"})
    assert asked.status_code == 403
    assert b"+15125550144" in asked.content
    assert b"a-new-secret" not in asked.content
    again = client.post(path, typed | {"step_up_secret": PASSWORD})
    assert again.status_code == 422
    assert b"Enter the account&#x27;s secret." in again.content
    assert bytes(ProviderAccount.objects.get(pk=row.pk).secret) == before


def test_every_act_that_opens_or_shuts_something_is_sensitive():
    relaxed = {
        (page.opts.label_lower, act.name)
        for page in site._registry.values()
        for act in page.acts
        if not act.sensitive
    }
    assert relaxed == {
        ("tenants.clinic", "retry"),
        ("website.signup", "retry"),
        ("website.lead", "handle"),
        ("website.lead", "open"),
    }


# --- Domains ---

REFUSED = {
    "": "missing",
    "glow": "invalid",
    "book.glow.com:8000": "invalid",
    "book..glow.com": "invalid",
    "-book.glow.com": "invalid",
    "bücher.de": "foreign_letters",
    "xn--bcher-kva.de": "foreign_letters",
    "10.0.0.1": "nowhere",
    "book.glow.local": "nowhere",
    "localhost": "invalid",
    "glow.localhost": "nowhere",
    "medspa.com": "reserved",
    "book.rnedspa.com": "reserved",
}


@pytest.mark.parametrize(("host", "code"), REFUSED.items())
def test_hosts_that_nobody_gets(glow, host, code):
    with enter_public():
        assert hosts.refusal(hosts.tidy(host))["code"] == code


def test_the_platforms_own_names_are_refused(glow, settings):
    settings.PLATFORM_HOST = settings.CLINIC_DOMAIN = "clinics.com"
    for host in ("clinics.com", "rival.clinics.com", "book.cl1nics.com"):
        assert hosts.refusal(host)["code"] == "reserved", host


@pytest.fixture
def sent(monkeypatch):
    """What was handed to the workers: the arguments."""
    found: list[list[str]] = []
    monkeypatch.setattr(actions.current_app, "send_task", lambda name, args: found.append(args))
    return found


def test_a_domain_from_its_first_day_to_its_last(clinics, names, sent):
    client, glow, began = browser(hire()), clinics.glow, now()
    base = "/admin/support/customdomain"
    asked = client.post(
        f"{base}/add/", {"clinic": str(glow.clinic.uid), "host": "https://Book.Glow-Skin.com/"}
    )
    row = CustomDomain.objects.get(host="book.glow-skin.com")
    assert asked["Location"] == f"{base}/{row.pk}/"
    assert not Domain.objects.filter(host=row.host).exists()
    for host, code in (("book.glow-skin.com", "taken"), ("book.glow-sk1n.com", "alike")):
        with pytest.raises(Invalid) as refused:
            actions.ask_domain(clinics.rival.clinic, host, by=actions_by(), at=row.asked_at)
        assert refused.value.errors[0]["code"] == code
    assert client.post(f"{base}/{row.pk}/primary/").status_code == 409
    names.says("_medspa.book.glow-skin.com", "TXT", f'"{row.token}"')
    names.says("book.glow-skin.com", "CNAME", "localhost.")
    assert client.post(f"{base}/{row.pk}/check/").status_code == 302
    check_domain.apply(args=sent.pop(), throw=True)
    assert Domain.objects.get(host=row.host).is_primary is False
    directory.forget()
    assert glow.client().get("/book/", HTTP_HOST="book.glow-skin.com").status_code == 200
    assert client.post(f"{base}/{row.pk}/primary/").status_code == 302
    fresh = Clinic.objects.get(pk=glow.clinic.pk)
    assert "://book.glow-skin.com" in directory.clinic_url(fresh)
    assert client.post(f"{base}/{row.pk}/release/").status_code == 302
    assert Domain.objects.get(clinic=glow.clinic).is_primary is True
    wanted = [
        "domain.asked",
        "domain.check_asked",
        "domain.verified",
        "domain.made_primary",
        "domain.released",
    ]
    assert verbs(*wanted, since=began) == wanted


def actions_by():
    from audit.actors import job

    return job("test")


# --- Accounts at providers ---


def test_a_secret_goes_in_and_never_comes_out(glow):
    client, secret = browser(hire()), "0123456789abcdef-very-secret"
    answer = client.post(
        "/admin/tenants/provideraccount/add/",
        {
            "clinic": str(glow.clinic.uid),
            "provider": "twilio",
            "account_id": "AC99",
            "address": "+15125550109",
            "secret": secret,
        },
    )
    assert answer.status_code == 302
    row = ProviderAccount.objects.get(account_id="AC99")
    assert secret.encode() not in bytes(row.secret)
    with enter(glow.clinic):
        assert open_secret("tenants.provider_account.secret/1", row.uid, row.secret) == secret
    for path in ("", f"{row.pk}/", f"{row.pk}/renew/", f"{row.pk}/history/"):
        assert secret.encode() not in client.get(f"/admin/tenants/provideraccount/{path}").content
    again = client.post(f"/admin/tenants/provideraccount/{row.pk}/renew/", {"address": "", "secret": secret})
    assert again.status_code == 422
    assert secret.encode() not in again.content


def test_an_account_of_another_clinic_is_not_taken_over(clinics):
    known = ProviderAccount.objects.get(clinic=clinics.rival.clinic)
    form = {
        "clinic": str(clinics.glow.clinic.uid),
        "provider": known.provider,
        "account_id": known.account_id,
        "address": "+15125550109",
        "secret": "x" * 32,
    }
    answer = browser(hire()).post("/admin/tenants/provideraccount/add/", form)
    assert answer.status_code == 422
    assert ProviderAccount.objects.get(pk=known.pk).clinic_id == clinics.rival.clinic.pk


# --- The platform's staff ---


@pytest.mark.promise("P159")
def test_there_is_always_a_platform_admin(glow):
    me = hire()
    client = browser(me)
    for act, data in (("end", {}), ("role", {"role": "support_lead"})):
        answer = client.post(f"/admin/accounts/user/{me.pk}/{act}/", data)
        assert answer.status_code == 422
        assert "last platform admin" in answer.content.decode()
    assert User.objects.get(pk=me.pk).role == "platform_admin"


def test_access_ends_with_the_next_request(glow):
    agent = hire("support_agent")
    theirs = browser(agent)
    assert theirs.get("/admin/").status_code == 200
    assert browser(hire()).post(f"/admin/accounts/user/{agent.pk}/end/").status_code == 302
    assert theirs.get("/admin/").status_code == 302


def test_invited_by_mail_and_joined(glow):
    client = browser(hire())
    form = {"email": "Nia@Platform.example", "display_name": "Nia New", "role": "support_agent"}
    assert client.post("/admin/accounts/invitation/invite/", form).status_code == 302
    with enter_public():
        mail = Message.objects.latest("id")
        link = next(word for word in mail.body.split() if "/admin/join/" in word)
        assert Invitation.objects.get().email == "nia@platform.example"
    path = link.split("localhost", 1)[1].split("/", 1)[1]
    guest = browser()
    assert guest.get(f"/{path}").status_code == 200
    joined = guest.post(
        f"/{path}",
        {"display_name": "Nia New", "password": "quite-a-long-phrase-1", "repeated": "quite-a-long-phrase-1"},
    )
    assert joined.status_code == 302
    assert guest.get("/admin/")["Location"].startswith("/admin/two-factor/set-up/")
    assert User.objects.get(email="nia@platform.example").role == "support_agent"


@pytest.mark.parametrize("role", ["owner", "front_desk"])
def test_no_clinics_role_is_given_here(glow, role):
    form = {"email": "nia@platform.example", "display_name": "Nia", "role": role}
    assert browser(hire()).post("/admin/accounts/invitation/invite/", form).status_code == 422


# --- Leads ---


def test_a_lead_is_read_handled_and_put_back(glow):
    lead = Lead.objects.create(
        name="Lou Lead",
        email="lou@example.com",
        consent_version="1",
        consent_text="Yes",
        consented_at=now(),
        created_at=now(),
    )
    me = hire("support_lead")
    client = browser(me)
    assert "Lou Lead" in client.get("/admin/website/lead/").content.decode()
    assert client.post(f"/admin/website/lead/{lead.pk}/handle/", {"note": "Called back"}).status_code == 302
    lead.refresh_from_db()
    assert (lead.handled_by, lead.note) == (me.pk, "Called back")
    assert client.post(f"/admin/website/lead/{lead.pk}/open/", {"note": "Again"}).status_code == 302
    assert verbs("lead.handled", "lead.noted") == ["lead.handled", "lead.noted"]
    with enter_public():
        assert Event.objects.filter(verb="platform.listed", shown__contains=[lead.uid]).exists()
    assert browser(hire("support_agent")).get("/admin/website/lead/").status_code == 403
