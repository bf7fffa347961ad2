"""A demo clinic without its people and visits: schema, profile, place, staff with their keys, offer."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import QuerySet

from accounts import second_factor
from accounts.actions import create_user, enrol_second_factor, issue_token, revoke_token
from accounts.demo import DEMO_PASSWORD
from accounts.models import User
from accounts.roles import permissions_of_role
from audit.actors import job
from medspa.demo.data import Demo, Staff
from messaging.credentials import TWILIO, connect
from messaging.models import Message
from practice import actions
from practice.actions.hours import Week
from practice.models import Location, Provider
from practice.presets import CANCELLATION_TEXT, SMS_TEXT
from practice.profile import profile
from practice.queries import services_in_use
from providers.twilio import TwilioClient
from tenants import due, provisioning
from tenants.context import enter_public
from tenants.models import Clinic, ProviderAccount

BY: Final = job("demo")
TOKEN_NAME: Final = "Demo"  # noqa: S105 - what the list of tokens calls it
AGE: Final = timedelta(days=400)  # how long the demo clinics have been in business


@dataclass(frozen=True)
class Login:
    """What var/demo.json tells of one member of the staff."""

    role: str
    email: str
    password: str
    totp_secret: str | None
    api_token: str


def open_house(demo: Demo, *, at: datetime) -> Clinic:
    """The clinic with keys, schema, BAA and SMS account; the one that is there, if it is."""
    with enter_public():
        clinic = Clinic.objects.filter(slug=demo.slug).first()
    if clinic is None:
        clinic = provisioning.create_clinic(
            slug=demo.slug,
            name=demo.profile["name"],
            is_demo=True,
            second_factor_optional=demo.second_factor_optional,
        )
        owner = demo.staff[0].name
        provisioning.sign_baa(clinic, signer_name=owner, signer_title="Owner", at=at - AGE)
    return clinic


def furnish(demo: Demo, *, at: datetime) -> None:
    """Everything that patients choose from; nothing where it is there already."""
    if Location.objects.exists():
        return
    with transaction.atomic():
        since = at - AGE
        actions.update_profile(by=BY, sms_sender=demo.sender, **demo.profile)
        name, hours = demo.profile["name"], profile().free_cancel_hours
        actions.publish_text("service_sms", SMS_TEXT.format(clinic=name), by=BY, at=since)
        actions.publish_text("cancellation_policy", CANCELLATION_TEXT.format(hours=hours), by=BY, at=since)
        location = actions.create_location(by=BY, **demo.location)
        actions.set_opening_hours(location, [Week(day, *demo.hours) for day in range(7)], by=BY)
        for room, kind in demo.rooms:
            actions.create_room(by=BY, name=room, kind=kind, location=location)
        for device, kind in demo.devices:
            actions.create_device(by=BY, name=device, kind=kind, location=location)
        _offer(demo)
        training = (at + timedelta(days=19)).date()
        actions.close_location(location, training, training, by=BY, reason="Training day")


def hire(demo: Demo, *, at: datetime) -> list[Login]:
    """Staff for every role, providers with hours and services; new credentials for those who are there already."""
    encoded = make_password(DEMO_PASSWORD)
    with transaction.atomic():
        logins = [_login(demo, staff, encoded, at) for staff in demo.staff]
        if not Provider.objects.exists():
            _providers(demo, at)
        say_nothing()
    return logins


def sms_account(demo: Demo, clinic: Clinic) -> bool:
    """A subaccount and a number of its own at the sandbox's Twilio. Never asked of the real one."""
    if not settings.TWILIO_API_BASE_URL:
        return False
    with enter_public():
        if ProviderAccount.objects.filter(provider=TWILIO, clinic=clinic).exists():
            return True
    base = settings.TWILIO_API_BASE_URL
    main = TwilioClient(settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN, base)
    account = main.create_subaccount(demo.profile["name"])
    TwilioClient(account.sid, account.auth_token, base).buy_number(demo.sender)
    connect(clinic, provider=TWILIO, account_id=account.sid, token=account.auth_token, address=demo.sender)
    return True


def _offer(demo: Demo) -> None:
    for place, (heading, services) in enumerate(demo.services.items()):
        category = actions.create_category(by=BY, name=heading, position=place)
        for position, fields in enumerate(services):
            actions.create_service(by=BY, category=category, position=position, **fields)


def _login(demo: Demo, staff: Staff, encoded: str, at: datetime) -> Login:
    email = f"{staff.name.split()[0].lower()}@{demo.slug}.example"
    user = User.objects.by_email(email) or create_user(
        email=email, display_name=staff.name, role=staff.role, by=BY, at=at
    )
    user.password = encoded
    user.save(update_fields=["password"])
    for old in user.tokens.filter(name=TOKEN_NAME, revoked_at=None):
        revoke_token(old, by=BY, at=at)
    _, clear = issue_token(user, name=TOKEN_NAME, scopes=permissions_of_role(staff.role), by=BY, at=at)
    secret = None
    if not demo.second_factor_optional:
        secret = second_factor.new_secret()
        enrol_second_factor(user, secret, by=BY, at=at)
    return Login(staff.role, email, DEMO_PASSWORD, secret, clear)


def _providers(demo: Demo, at: datetime) -> None:
    location = Location.objects.open()[0]
    team = [staff for staff in (*demo.staff, *demo.others) if staff.credentials]
    providers = []
    for place, staff in enumerate(team):
        user = User.objects.filter(display_name=staff.name).first()
        provider = actions.create_provider(
            by=BY,
            user=user,
            display_name=staff.name,
            credentials=staff.credentials,
            languages=staff.languages,
            bio=staff.bio,
            position=place,
        )
        # Everybody has one day off, and not the same.
        week = [Week(day, *demo.hours) for day in range(7) if day != (place + 2) % 7]
        actions.set_working_hours(provider, location, week, by=BY)
        providers.append(provider)
    _give(providers)
    for user in User.objects.all():
        actions.post_staff(user, location, since=(at - AGE).date(), by=BY)


def _give(providers: list[Provider]) -> None:
    """Lasers are for the first two and whoever came for them; all else everybody gives."""
    for service in services_in_use():
        givers = providers if not service.device_kind else [*providers[:2], *providers[3:]]
        actions.set_service_providers(service, givers, by=BY)


def say_nothing() -> None:
    """The demo's staff exists on paper: what they would be told of their new keys is not sent."""
    _unsend(Message.objects.outgoing().waiting().filter(subject=None))


def leave_the_past_unsaid() -> None:
    """What patients and staff would have been told of treatments long past is not sent now."""
    _unsend(Message.objects.outgoing().waiting())


def _unsend(waiting: QuerySet[Message]) -> None:
    uids = list(waiting.values_list("uid", flat=True))
    waiting.delete()
    due.cancel("message", uids)
