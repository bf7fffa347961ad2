"""The shapes in which the API gives out people, and describes what it takes."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.access import Anybody, may
from audit.models import Event
from core.clock import local
from core.problems import Failure, Invalid, failure
from messaging.models import Channel, Message
from patients.callers import PatientCaller
from patients.merging import CHOICES, OTHER
from patients.models import Merge, Person
from practice.profile import clinic_zone


class PersonInput(serializers.Serializer[Any]):
    """Described only: patients.rules reads it, since it finds every failure. What it does not name is not read."""

    first_name = serializers.CharField(max_length=100)
    last_name = serializers.CharField(max_length=100)
    email = serializers.EmailField(required=False, allow_blank=True)
    phone = serializers.CharField(required=False, allow_blank=True, help_text="As people write it, or E.164.")
    date_of_birth = serializers.DateField(required=False, allow_null=True)
    language = serializers.ChoiceField(["en", "es"], required=False, allow_blank=True)
    timezone = serializers.CharField(required=False, allow_blank=True)


class PersonOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    state = serializers.ChoiceField(["claimed", "verified"])
    first_name = serializers.CharField()
    last_name = serializers.CharField()
    email = serializers.CharField(allow_null=True, help_text="null without the permission patients.contact.")
    phone = serializers.CharField(allow_null=True, help_text="E.164; null without patients.contact.")
    date_of_birth = serializers.DateField(allow_null=True)
    language = serializers.CharField()
    timezone = serializers.CharField()
    created_at = serializers.DateTimeField()
    last_visit_at = serializers.DateTimeField(allow_null=True)


class CreatedPerson(PersonOutput):
    possible_duplicates = serializers.ListField(child=serializers.UUIDField())


class PersonPage(serializers.Serializer[Any]):
    results = PersonOutput(many=True)
    next = serializers.CharField(allow_null=True)


class MessageInput(serializers.Serializer[Any]):
    """Described only: patients.letters reads the words, since it finds every failure."""

    channel = serializers.ChoiceField(
        Channel.values, required=False, help_text="Required of the staff; a patient writes in the portal."
    )
    body = serializers.CharField()
    subject_line = serializers.CharField(required=False, allow_blank=True, help_text="Of a mail.")


class MessageOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    direction = serializers.CharField()
    channel = serializers.ChoiceField(Channel.values)
    kind = serializers.CharField()
    state = serializers.CharField()
    to = serializers.CharField(
        allow_null=True, help_text="Empty in the portal; null without patients.contact."
    )
    subject_line = serializers.CharField()
    body = serializers.CharField()
    appointment = serializers.UUIDField(allow_null=True)
    at = serializers.DateTimeField()


class MessagePage(serializers.Serializer[Any]):
    results = MessageOutput(many=True)
    next = serializers.CharField(allow_null=True)


class AccessOutput(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    verb = serializers.CharField()
    actor = serializers.DictField(child=serializers.CharField())
    object = serializers.DictField(child=serializers.CharField())


class BreakGlassInput(serializers.Serializer[Any]):
    reason = serializers.CharField(min_length=10, max_length=500)


class BreakGlassOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    until = serializers.DateTimeField()


class MergeInput(serializers.Serializer[Any]):
    other = serializers.UUIDField(help_text="The record that goes into this one.")
    take = serializers.ListField(
        child=serializers.ChoiceField(CHOICES),
        required=False,
        help_text="Details of the other record that stay; of all others those of this record do.",
    )


class MergeOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    kept = serializers.UUIDField()
    merged = serializers.UUIDField()
    merged_at = serializers.DateTimeField()
    parted_at = serializers.DateTimeField(allow_null=True)


class AccessPage(serializers.Serializer[Any]):
    results = AccessOutput(many=True)
    next = serializers.CharField(allow_null=True)


def read_merge(given: Mapping[str, Any]) -> tuple[UUID, dict[str, str]]:
    """The other record, and whose details stay; Invalid with all that is wrong."""
    failures, other = [], UUID(int=0)
    try:
        other = UUID(str(given.get("other", "")))
    except ValueError:
        failures.append(failure("other", "invalid", _("Give the id of the other record.")))
    take = given.get("take", [])
    if not isinstance(take, list) or any(each not in CHOICES for each in take):
        failures.append(failure("take", "unknown", _("Choose among: %s.") % ", ".join(CHOICES)))
        take = []
    if failures:
        raise Invalid(errors=failures)
    return other, dict.fromkeys(take, OTHER)


def merge_json(made: Merge) -> dict[str, Any]:
    zone = clinic_zone()
    return {
        "id": str(made.uid),
        "kept": str(made.kept.uid),
        "merged": str(made.merged.uid),
        "merged_at": local(made.merged_at, zone).isoformat(),
        "parted_at": local(made.parted_at, zone).isoformat() if made.parted_at else None,
    }


def person_json(person: Person, user: Anybody) -> dict[str, Any]:
    """A person as far as `user` may see one."""
    return people_json([person], user)[0]


def people_json(people: Iterable[Person], user: Anybody) -> list[dict[str, Any]]:
    """The same for a list: what holds for all of them is asked once."""
    reach, zone = _sees_contact(user), clinic_zone()
    return [_person_json(person, reach, zone) for person in people]


def _person_json(person: Person, reach: bool, zone: ZoneInfo) -> dict[str, Any]:
    last = person.last_visit_at
    return {
        "id": str(person.uid),
        "state": person.state,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "email": person.email if reach else None,
        "phone": person.phone if reach else None,
        "date_of_birth": person.date_of_birth.isoformat() if person.date_of_birth else None,
        "language": person.language,
        "timezone": person.timezone,
        "created_at": local(person.created_at, zone).isoformat(),
        "last_visit_at": local(last, zone).isoformat() if last else None,
    }


def message_json(message: Message, user: Anybody) -> dict[str, Any]:
    return {
        "id": str(message.uid),
        "direction": message.direction,
        "channel": message.channel,
        "kind": message.kind,
        "state": message.state,
        "to": message.to if _sees_contact(user) else None,
        "subject_line": message.subject_line,
        "body": message.body,
        "appointment": str(message.about) if message.about else None,
        "at": _told(message.created_at),
    }


def read_message(given: Mapping[str, Any], *, own: bool) -> dict[str, str]:
    """The parts of a message to be sent, as texts; `own`: by a patient, who has no choice of channels."""
    words = {name: given.get(name, "") for name in ("channel", "body", "subject_line")}
    failures: list[Failure] = [
        failure(name, "not_text", _("Write this as text."))
        for name, value in words.items()
        if not isinstance(value, str)
    ]
    offered = [Channel.PORTAL.value, ""] if own else Channel.values
    if isinstance(words["channel"], str) and words["channel"] not in offered:
        failures.append(
            failure(
                "channel",
                "unknown",
                _("Choose one of: %(names)s.") % {"names": ", ".join(filter(None, offered))},
            )
        )
    if failures:
        raise Invalid(errors=failures)
    return words


def access_json(event: Event) -> dict[str, Any]:
    return {
        "at": _told(event.at),
        "verb": event.verb,
        "actor": {"kind": event.actor_kind, "id": event.actor_id, "on_behalf": event.on_behalf},
        "object": {"type": event.object_type, "id": event.object_id},
    }


def _sees_contact(user: Anybody) -> bool:
    """A patient knows their own."""
    return isinstance(user, PatientCaller) or may(user, "patients.contact")


def _told(moment: datetime) -> str:
    """With the clinic's offset, as all times of the API."""
    return local(moment, clinic_zone()).isoformat()
