"""The people of every test. Glow: Olive owns, Adam administers, Ines and Nora treat, Sven supervises, Fran runs the
desk, Mara markets, Anka counts, Pat is a patient and Sam a stranger who only filled in a form. Rex owns Rival,
another clinic, with a staff of its own, and must never learn that Pat exists.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import cache
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts import second_factor
from accounts.actions import TOKEN_START
from accounts.models import ApiToken, User
from accounts.roles import permissions_of_role
from accounts.tokens import token_hash
from audit.actors import job
from patients import actions as patients
from patients import care
from patients.models import Person
from patients.rules import Details
from practice import actions as practice
from practice.actions.hours import Week
from practice.models import Device, Location, Provider, Room, Service
from tenants.models import Clinic, ProviderAccount
from vault.secrets import seal_secret

PASSWORD = "correct-horse-battery-staple"
BEGAN = datetime(2026, 1, 5, 17, 0, tzinfo=UTC)
BY = job("cast")
PROVIDER_SECRET = "tenants.provider_account.secret/1"
PROVIDER_TOKEN = "f00dfacef00dfacef00dfacef00dface"

STAFF = {
    "glow": {
        "owner": "Olive Ortega",
        "admin": "Adam Abbott",
        "provider": "Ines Ibarra",
        "supervisor": "Sven Sandberg",
        "front_desk": "Fran Fischer",
        "marketer": "Mara Mendes",
        "analyst": "Anka Andersen",
    },
    "rival": {
        "owner": "Rex Rivers",
        "admin": "Rita Rowe",
        "provider": "Rosa Reyes",
        "supervisor": "Ravi Rao",
        "front_desk": "Ruth Reed",
        "marketer": "Remy Roux",
        "analyst": "Rune Rask",
    },
}
PLACES: dict[str, dict[str, Any]] = {
    "glow": {
        "name": "South Congress",
        "address_1": "1412 South Congress Avenue",
        "city": "Austin",
        "state": "TX",
        "postal_code": "78704",
        "timezone": "America/Chicago",
        "phone": "+15125550142",
        "tax_rate_bp": 825,
    },
    "rival": {
        "name": "Pearl District",
        "address_1": "830 NW 11th Avenue",
        "city": "Portland",
        "state": "OR",
        "postal_code": "97209",
        "timezone": "America/Los_Angeles",
        "phone": "+15035550177",
    },
}
LOOKS = {
    "glow": {"name": "Glow Aesthetics", "accent": "#8d2d57", "email": "hello@glow.example"},
    "rival": {"name": "Rival Skin", "accent": "#1fd1b2", "email": "hello@rival.example"},
}
SENDERS = {"glow": "+15125550100", "rival": "+15035550100"}
HOURS = {"glow": (time(9), time(18)), "rival": (time(10), time(19))}
PEOPLE = {
    "glow": {
        "pat": Details("Pat", "Peterson", "pat@example.com", "+15125550123", date(1988, 4, 23)),
        "quinn": Details("Quinn", "Quiñones", "quinn@example.com", "+15125550124", date(1975, 12, 1)),
    },
    "rival": {
        "pat": Details("Paula", "Park", "paula@example.com", "+15035550123", date(1991, 7, 14)),
        "quinn": Details("Quentin", "Quill", "quentin@example.com", "+15035550124", date(1969, 2, 28)),
    },
}
STRANGER = Details("Sam", "Stranger", "sam@example.net", "+13125550199", date(1999, 9, 9))


@dataclass
class Cast:
    """Everybody and everything of one clinic, by name. `users` and `tokens` are by role."""

    clinic: Clinic
    users: dict[str, User] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)  # in clear
    totp: dict[str, str] = field(default_factory=dict)  # secrets, by role
    password: str = PASSWORD
    people: dict[str, Person] = field(default_factory=dict)
    location: Location = None  # type: ignore[assignment]
    providers: dict[str, Provider] = field(default_factory=dict)
    rooms: dict[str, Room] = field(default_factory=dict)
    devices: dict[str, Device] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)

    @property
    def pat(self) -> Person:
        return self.people["pat"]

    @property
    def stranger(self) -> Person:
        return self.people["stranger"]

    @property
    def owner(self) -> User:
        return self.users["owner"]

    @property
    def desk(self) -> User:
        return self.users["front_desk"]


def build_cast(clinic: Clinic, which: str = "glow") -> Cast:
    """Fill the clinic we are in; `which` says as whom, whatever the clinic's own slug is."""
    cast = Cast(clinic)
    _sms_account(clinic, which)
    with transaction.atomic():
        _hire(cast, which)
        _furnish(cast, which)
        _offer(cast)
        _admit(cast, which)
    return cast


@cache
def password_hash() -> str:
    """Argon2 is slow on purpose: once a process is enough."""
    return make_password(PASSWORD)


def _sms_account(clinic: Clinic, which: str) -> None:
    account = ProviderAccount(
        provider="twilio", account_id=f"AC{clinic.uid.hex}", clinic_id=clinic.uid, address=SENDERS[which]
    )
    account.secret = seal_secret(PROVIDER_SECRET, account.uid, PROVIDER_TOKEN)
    account.save(using="owner")


def _hire(cast: Cast, which: str) -> None:
    for role, name in STAFF[which].items():
        email = f"{name.split()[0].lower()}@{which}.example"
        user = User.objects.create(
            email=email, display_name=name, role=role, password=password_hash(), created_at=BEGAN
        )
        # Rows instead of the action, whose mails would stand in every test's outbox.
        clear = f"{TOKEN_START}{which}-{role}-token"
        scopes = sorted(permissions_of_role(role))
        ApiToken.objects.create(
            user=user,
            name="tests",
            token_hash=token_hash(clear),
            prefix=clear[:10],
            scopes=scopes,
            created_at=BEGAN,
        )
        cast.users[role], cast.tokens[role] = user, clear
        if which == "rival":
            cast.totp[role] = second_factor.new_secret()
            second_factor.store(user, cast.totp[role])


def _furnish(cast: Cast, which: str) -> None:
    practice.update_profile(
        by=BY, phone=PLACES[which]["phone"], sms_sender=SENDERS[which], legal_name="", **LOOKS[which]
    )
    practice.publish_text("service_sms", SMS_TEXT, by=BY, at=BEGAN)
    practice.publish_text("cancellation_policy", CANCELLATION_TEXT, by=BY, at=BEGAN)
    cast.location = practice.create_location(by=BY, **PLACES[which])
    opens, closes = HOURS[which]
    week = [Week(weekday, opens, closes) for weekday in range(7)]
    practice.set_opening_hours(cast.location, week, by=BY)
    for name, role in (("ines", "provider"), ("sven", "supervisor"), ("nora", None)):
        user = cast.users[role] if role else None
        cast.providers[name] = practice.create_provider(
            by=BY,
            user=user,
            display_name=user.display_name if user else "Nora Novak",
            credentials="NP" if role else "RN",
            languages="en, es",
        )
        practice.set_working_hours(cast.providers[name], cast.location, week, by=BY)
    for user in cast.users.values():
        practice.post_staff(user, cast.location, since=BEGAN.date(), by=BY)
    for name, kind in (("one", "treatment"), ("two", "treatment"), ("laser", "laser")):
        cast.rooms[name] = practice.create_room(by=BY, name=f"Room {name}", kind=kind, location=cast.location)
    cast.devices["laser"] = practice.create_device(by=BY, name="Elite", kind="laser", location=cast.location)


def _offer(cast: Cast) -> None:
    face = practice.create_category(by=BY, name="Face")
    body = practice.create_category(by=BY, name="Body", position=1)
    everybody = list(cast.providers.values())
    offers: dict[str, dict[str, Any]] = {
        "consultation": {"name": "Consultation", "duration_minutes": 30},
        "botox": {
            "name": "Botox",
            "duration_minutes": 30,
            "buffer_after": 10,
            "price_amount": 36_000,
            "room_kind": "treatment",
        },
        "facial": {
            "name": "Peel and mask",
            "duration_minutes": 75,
            "buffer_after": 15,
            "processing_start": 30,
            "processing_minutes": 20,
            "price_amount": 19_500,
            "room_kind": "treatment",
        },
        "laser": {
            "name": "Laser hair removal",
            "duration_minutes": 45,
            "buffer_before": 5,
            "buffer_after": 10,
            "price_amount": 18_000,
            "deposit_amount": 5_000,
            "room_kind": "laser",
            "device_kind": "laser",
            "category": body,
        },
        "check": {
            "name": "Check after treatment",
            "duration_minutes": 15,
            "online": False,
            "category": body,
        },
    }
    for name, fields in offers.items():
        givers = everybody[:2] if name == "laser" else everybody
        cast.services[name] = practice.create_service(by=BY, providers=givers, **{"category": face, **fields})


def _admit(cast: Cast, which: str) -> None:
    for name, details in PEOPLE[which].items():
        cast.people[name] = patients.create_person(details, by=BY, at=BEGAN)
        care.join(cast.people[name], cast.users["provider"], at=BEGAN)
    cast.people["stranger"] = patients.claim_person(STRANGER, by=BY, at=BEGAN)
    patients.keep_key(cast.people["stranger"])


SMS_TEXT = (
    "You may text me about my visits. Message frequency varies based on appointment schedule. "
    "Message and data rates may apply. Reply STOP to stop, HELP for help."
)
CANCELLATION_TEXT = "You may move or cancel without charge until 24 hours before your visit."
