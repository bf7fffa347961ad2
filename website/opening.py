"""What a sign-up puts into its new clinic, and how far it has come: called by the provisioning, repeatable anywhere."""

from typing import Any, Final

from django.db import transaction

from accounts import welcome
from accounts.actions import create_user
from accounts.models import User
from accounts.roles import Role
from audit.actors import job
from core.clock import now
from practice.actions import open_clinic, update_location, update_profile
from practice.models import ClinicProfile
from tenants import signals
from tenants.context import enter
from tenants.models import Clinic
from website.models import SignUp

BY: Final = job("sign_up")


def connect() -> None:
    signals.provision_began.connect(on_began, dispatch_uid="website.opening.began")
    signals.provision_failed.connect(on_failed, dispatch_uid="website.opening.failed")
    signals.clinic_built.connect(on_built, dispatch_uid="website.opening.built")
    signals.clinic_opened.connect(on_opened, dispatch_uid="website.opening.opened")


def on_built(sender: object, *, clinic: Clinic, **kwargs: Any) -> None:
    """Profile, first location, presets of its kind and the owner: one transaction, so all of it or nothing."""
    sign_up = SignUp.objects.filter(clinic_id=clinic.uid).first()
    if sign_up is None:
        return
    _note(sign_up, SignUp.Step.BUILT)
    with enter(clinic), transaction.atomic():
        if not ClinicProfile.objects.exists():
            _furnish(sign_up)
    _note(sign_up, SignUp.Step.FURNISHED)


def on_opened(sender: object, *, clinic: Clinic, **kwargs: Any) -> None:
    """The owner gets the link to the password, once."""
    sign_up = SignUp.objects.filter(clinic_id=clinic.uid).exclude(state=SignUp.State.OPEN).first()
    if sign_up is None:
        return
    _note(sign_up, SignUp.Step.OPENED)
    with enter(clinic), transaction.atomic():
        owner = User.objects.by_email(sign_up.owner_email)
        if owner and not owner.has_usable_password() and not owner.welcome_links.exists():
            welcome.send(owner, clinic=clinic.own_host, by=BY, at=now())
    at = now()
    SignUp.objects.filter(pk=sign_up.pk).update(
        state=SignUp.State.OPEN, step=SignUp.Step.WELCOMED, touched_at=at, opened_at=at, error=""
    )


def _furnish(sign_up: SignUp) -> None:
    at = now()
    location = open_clinic(
        kind=sign_up.kind, name=sign_up.clinic_name, timezone=sign_up.timezone, by=BY, at=at
    )
    update_location(
        location,
        by=BY,
        phone=sign_up.phone,
        address_1=sign_up.address_1,
        address_2=sign_up.address_2,
        city=sign_up.city,
        state=sign_up.region,
        postal_code=sign_up.postal_code,
    )
    update_profile(by=BY, phone=sign_up.phone, website=sign_up.website)
    create_user(email=sign_up.owner_email, display_name=sign_up.owner_name, role=Role.OWNER, by=BY, at=at)


def on_began(sender: object, *, clinic_uid: str, **kwargs: Any) -> None:
    """The provision worker has it in hand."""
    for sign_up in SignUp.objects.filter(clinic_id=clinic_uid).exclude(state=SignUp.State.OPEN):
        sign_up.state, sign_up.touched_at = SignUp.State.WORKING, now()
        sign_up.attempts += 1
        sign_up.save(update_fields=["state", "touched_at", "attempts"])


def on_failed(sender: object, *, clinic_uid: str, error: Exception, **kwargs: Any) -> None:
    """The progress page says so, and offers to try again."""
    SignUp.objects.filter(clinic_id=clinic_uid).exclude(state=SignUp.State.OPEN).update(
        state=SignUp.State.FAILED, touched_at=now(), error=type(error).__name__[:80]
    )


def _note(sign_up: SignUp, step: SignUp.Step) -> None:
    """Visible at once, from outside the transaction that goes on."""
    SignUp.objects.filter(pk=sign_up.pk, step__lt=step).update(step=step, touched_at=now())
