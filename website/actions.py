"""Every write of the public site: a sign-up begins, is tried again, is written to again; a lead is kept."""

import logging
import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from kombu.exceptions import OperationalError as BrokerError
from redis.exceptions import RedisError

from accounts import welcome
from accounts.actors import person_behind
from accounts.models import User
from accounts.tokens import token_hash
from audit.actors import VISITOR, Actor
from audit.trail import record
from core.problems import Conflict, Invalid, failure
from core.text import TextProblem, clean_text
from tenants import tasks
from tenants.context import enter
from tenants.provisioning import SlugRefused, request_clinic
from website.models import Lead, SignUp

log = logging.getLogger(__name__)
LONGEST_NOTE = 2000


@dataclass(frozen=True)
class Wish:
    """A sign-up as it was typed, parsed."""

    slug: str
    plan: str
    clinic_name: str
    kind: str
    website: str
    phone: str
    address_1: str
    address_2: str
    city: str
    region: str
    postal_code: str
    timezone: str
    owner_name: str
    owner_email: str
    terms_version: str


def start(wish: Wish, *, at: datetime) -> str:
    """Take the address and begin; the secret of the progress page, kept nowhere else. Raises Invalid on `slug`."""
    clear = secrets.token_urlsafe(32)
    fields = dict(wish.__dict__)
    slug, plan = fields.pop("slug"), fields.pop("plan")
    try:
        with transaction.atomic():
            clinic = request_clinic(slug=slug, name=wish.clinic_name, plan=plan, using="default")
            sign_up = SignUp.objects.create(
                clinic=clinic,
                token_hash=token_hash(clear),
                terms_accepted_at=at,
                created_at=at,
                touched_at=at,
                **fields,
            )
            record("sign_up.started", by=VISITOR, on=sign_up, at=at)
            transaction.on_commit(lambda: _queue(sign_up), robust=True)
    except SlugRefused as refused:
        raise Invalid(errors=[failure("slug", refused.why.code, refused.why.message)]) from None
    return clear


def find(clear: str) -> SignUp | None:
    """The sign-up behind a progress page's address."""
    if len(clear) > welcome.LONGEST_TOKEN:
        return None
    return SignUp.objects.select_related("clinic").filter(token_hash=token_hash(clear)).first()


def try_again(sign_up: SignUp, *, at: datetime) -> None:
    """Have one that failed, or whose worker died, go on where it stopped."""
    with transaction.atomic():
        row = SignUp.objects.select_for_update(no_key=True).get(pk=sign_up.pk)
        if row.state != SignUp.State.FAILED and not row.is_stuck(at):
            return
        if row.attempts >= SignUp.MOST_ATTEMPTS:
            raise Conflict(_("We have tried ten times. Write to us, and we will look into it ourselves."))
        row.state, row.touched_at = SignUp.State.WAITING, at
        row.save(update_fields=["state", "touched_at"])
        transaction.on_commit(lambda: _queue(row), robust=True)


def resume(*, at: datetime) -> int:
    """Whatever nobody works on any more is queued again; says how many."""
    waiting = (SignUp.State.WAITING, SignUp.State.WORKING)
    silent = SignUp.objects.filter(
        state__in=waiting, touched_at__lte=at - SignUp.SILENCE, attempts__lt=SignUp.MOST_ATTEMPTS
    )
    count = 0
    for sign_up in silent:
        sign_up.touched_at = at
        sign_up.save(update_fields=["touched_at"])
        _queue(sign_up)
        count += 1
    return count


def write_again(sign_up: SignUp, *, at: datetime) -> None:
    """Mail the owner another link. Raises TooMany, or Conflict where the password is set."""
    with enter(sign_up.clinic):
        owner = User.objects.by_email(sign_up.owner_email)
        if owner is None:
            raise Conflict(_("The owner has another address by now. Sign in at the clinic's own address."))
        welcome.send_again(owner, clinic=sign_up.clinic.own_host, by=VISITOR, at=at)


def _queue(sign_up: SignUp) -> None:
    """Tell the provision worker; what gets lost here is found by `resume`."""
    try:
        tasks.provision.delay(str(sign_up.clinic_id))
    except (BrokerError, RedisError, OSError):
        log.warning("the queue is not reachable; the sign-up waits to be resumed")


@transaction.atomic
def keep_lead(
    *,
    name: str,
    email: str,
    phone: str,
    clinic: str,
    kind: str,
    topic: str,
    message: str,
    consent_text: str,
    consent_version: str,
    at: datetime,
) -> Lead:
    """Keep who asked, and the very words of the consent. The same within the hour is the same lead."""
    same = Lead.objects.filter(email=email, message=message, created_at__gt=at - welcome.PAUSE * 60).first()
    if same:
        return same
    lead = Lead.objects.create(
        name=name,
        email=email,
        phone=phone,
        clinic=clinic,
        kind=kind,
        topic=topic,
        message=message,
        consent_text=consent_text,
        consent_version=consent_version,
        consented_at=at,
        created_at=at,
    )
    record("lead.kept", by=VISITOR, on=lead, at=at)
    return lead


@transaction.atomic
def handle_lead(lead: Lead, *, note: str, done: bool, by: Actor, at: datetime) -> Lead:
    """What came of a lead, by whom; `done` takes it off the list of those that wait, or puts it back."""
    try:
        note = clean_text(note, LONGEST_NOTE, multiline=True)
    except TextProblem as problem:
        raise Invalid(errors=[failure("note", problem.code, problem.message)]) from None
    row = Lead.objects.select_for_update(no_key=True).get(pk=lead.pk)
    row.note = note
    row.handled_at = at if done else None
    row.handled_by = person_behind(by) if done else None
    row.save(update_fields=["note", "handled_at", "handled_by"])
    record("lead.handled" if done else "lead.noted", by=by, on=row, at=at)
    return row


@transaction.atomic
def retry_as_staff(sign_up: SignUp, *, by: Actor, at: datetime) -> None:
    """The platform's own staff has a sign-up go on, also after the tries that its owner has."""
    row = SignUp.objects.select_for_update(no_key=True).get(pk=sign_up.pk)
    if row.state == SignUp.State.OPEN:
        raise Conflict(_("This clinic is open."))
    row.state, row.touched_at, row.attempts = SignUp.State.WAITING, at, 0
    row.save(update_fields=["state", "touched_at", "attempts"])
    record("sign_up.repeated", by=by, on=row, at=at)
    transaction.on_commit(lambda: _queue(row), robust=True)
