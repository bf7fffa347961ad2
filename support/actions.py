"""What the platform's staff does to clinics' hosts, plans, provisioning and provider accounts: with its trail."""

import secrets
from datetime import datetime
from typing import Final

from celery import current_app
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from kombu.exceptions import OperationalError as BrokerError
from redis.exceptions import RedisError

from accounts.actors import person_behind
from audit.actors import Actor
from audit.trail import record
from core.ids import uuid7
from core.problems import Conflict, Invalid, Unavailable, failure
from core.text import TextProblem, clean_text
from messaging.credentials import SECRET_TAG
from support import hosts
from support.lookup import Seen
from support.models import CustomDomain, Finding
from tenants import directory, plans, tasks
from tenants.context import enter
from tenants.models import Clinic, ClinicState, Domain, ProviderAccount
from vault.secrets import seal_secret

TOKEN_START: Final = "medspa-verification="  # noqa: S105 - what a public TXT record begins with
CHECK: Final = "support.tasks.check_domain"
PROVIDERS: Final = ("twilio",)


@transaction.atomic
def ask_domain(clinic: Clinic, host: str, *, by: Actor, at: datetime) -> CustomDomain:
    """Begin with a host of the clinic's own: it leads nowhere until its TXT record was seen."""
    host = hosts.tidy(host)
    if problem := hosts.refusal(host):
        raise Invalid(errors=[problem])
    domain = CustomDomain(
        clinic=clinic, host=host, token=TOKEN_START + secrets.token_urlsafe(24), asked_at=at
    )
    try:
        with transaction.atomic():
            domain.save(force_insert=True)
    except IntegrityError:
        raise Invalid(errors=[failure("host", "taken", _("A clinic has this host already."))]) from None
    record("domain.asked", by=by, on=domain, at=at, detail={"host": host, "clinic": clinic.slug})
    return domain


@transaction.atomic
def check_domain(domain: CustomDomain, *, by: Actor, at: datetime) -> None:
    """Have a worker ask the public name servers; what they say is on the domain's page within seconds."""
    record("domain.check_asked", by=by, on=domain, at=at, detail={"host": domain.host})
    try:
        current_app.send_task(CHECK, args=[str(domain.uid), person_behind(by)])
    except (BrokerError, RedisError, OSError) as error:
        raise Unavailable from error


@transaction.atomic
def settle_domain(domain: CustomDomain, seen: Seen, *, by: Actor, at: datetime) -> None:
    """Write down what was found. Proof makes the host lead to the clinic; nothing that is found later takes it away."""
    rows = CustomDomain.objects.select_for_update(no_key=True, of=("self",)).select_related("clinic")
    row = rows.filter(pk=domain.pk, token=domain.token).first()
    if row is None:
        return  # released while we looked
    row.checked_at, row.finding, row.record_seen = at, seen.finding, seen.record
    row.way, row.leads_to = seen.way, seen.leads_to
    fresh = seen.finding == Finding.PROVED and not row.is_verified
    if fresh:
        row.state, row.verified_at, row.verified_by = CustomDomain.State.VERIFIED, at, person_behind(by)
        Domain.objects.create(host=row.host, clinic=row.clinic, is_primary=False)
        transaction.on_commit(directory.changed)
    row.save()
    detail = {"host": row.host, "found": row.finding, "leads": row.way, "record": row.record_seen}
    record("domain.verified" if fresh else "domain.checked", by=by, on=row, at=at, detail=detail)


@transaction.atomic
def make_primary(clinic: Clinic, host: str, *, by: Actor, at: datetime) -> None:
    """From now on links in mails and texts begin with this host; the others still lead to the clinic."""
    rows = list(Domain.objects.select_for_update(no_key=True).filter(clinic=clinic).order_by("pk"))
    if host not in {row.host for row in rows}:
        raise Conflict(_("This host is not verified."))
    own = CustomDomain.objects.filter(host=host).first()
    if own is not None and not own.leads_here:
        raise Conflict(_("Links would lead astray: this host does not lead to the platform yet."))
    for row in rows:
        Domain.objects.filter(pk=row.pk).update(is_primary=row.host == host)
    record("domain.made_primary", by=by, on=clinic, at=at, detail={"host": host})
    transaction.on_commit(directory.changed)


@transaction.atomic
def release_domain(domain: CustomDomain, *, by: Actor, at: datetime) -> None:
    """The host leads nowhere any more, and is free for whoever shows that it is theirs."""
    row = CustomDomain.objects.select_for_update(no_key=True).select_related("clinic").get(pk=domain.pk)
    served = Domain.objects.filter(host=row.host, clinic=row.clinic)
    was_primary = served.filter(is_primary=True).exists()
    served.delete()
    if was_primary:
        first = Domain.objects.filter(clinic=row.clinic).order_by("pk")[:1].values("pk")
        Domain.objects.filter(pk__in=list(first.values_list("pk", flat=True))).update(is_primary=True)
    record("domain.released", by=by, on=row, at=at, detail={"host": row.host, "clinic": row.clinic.slug})
    row.delete()
    transaction.on_commit(directory.changed)


@transaction.atomic
def change_plan(clinic: Clinic, code: str, *, by: Actor, at: datetime) -> Clinic:
    """Another plan, from the next bill on."""
    if code not in plans.BY_CODE:
        raise Invalid(errors=[failure("plan", "unknown", _("There is no such plan."))])
    row = Clinic.objects.select_for_update(no_key=True).get(pk=clinic.pk)
    before, row.plan = row.plan, code
    row.save(update_fields=["plan"])
    record("clinic.plan_changed", by=by, on=row, at=at, detail={"before": before, "after": code})
    transaction.on_commit(directory.changed)
    return row


@transaction.atomic
def retry_provisioning(clinic: Clinic, *, by: Actor, at: datetime) -> None:
    """Have the provision worker go on where it stopped; what is done is not done again."""
    row = Clinic.objects.get(pk=clinic.pk)
    if row.state != ClinicState.REQUESTED:
        raise Conflict(_("This clinic is provisioned."))
    record("clinic.provisioning_repeated", by=by, on=row, at=at)
    try:
        tasks.provision.delay(str(row.uid))
    except (BrokerError, RedisError, OSError) as error:
        raise Unavailable from error


def connect_account(
    clinic: Clinic, *, provider: str, account_id: str, address: str, secret: str, by: Actor, at: datetime
) -> ProviderAccount:
    """Give the clinic an account at a provider, or new credentials for it. The secret is sealed under the clinic's
    key and never shown again."""
    words = _account_words(provider, account_id, address, secret)
    known = ProviderAccount.objects.filter(provider=provider, account_id=words["account_id"]).first()
    if known is not None and known.clinic_id != clinic.uid:
        taken = _("This account belongs to another clinic.")
        raise Invalid(errors=[failure("account_id", "taken", taken)])
    uid = known.uid if known else uuid7()
    with enter(clinic):
        sealed = seal_secret(SECRET_TAG, uid, words["secret"])
    with transaction.atomic():
        row, made = ProviderAccount.objects.update_or_create(
            provider=provider,
            account_id=words["account_id"],
            defaults={"uid": uid, "clinic_id": clinic.uid, "secret": sealed, "address": words["address"]},
        )
        verb = "provider_account.connected" if made else "provider_account.renewed"
        record(verb, by=by, on=row, at=at, detail={"provider": provider, "clinic": clinic.slug})
    return row


def _account_words(provider: str, account_id: str, address: str, secret: str) -> dict[str, str]:
    if provider not in PROVIDERS:
        raise Invalid(errors=[failure("provider", "unknown", _("There is no such provider."))])
    found, errors = {}, []
    for field, text, most in (
        ("account_id", account_id, 80),
        ("address", address, 80),
        ("secret", secret, 200),
    ):
        try:
            found[field] = clean_text(text, most)
        except TextProblem as problem:
            errors.append(failure(field, problem.code, problem.message))
            continue
        if not found[field]:
            errors.append(failure(field, "missing", _("This is needed.")))
    if errors:
        raise Invalid(errors=errors)
    return found
