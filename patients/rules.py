"""What may be said of a person, and who may book for themselves: pure. Every failure is found, not only the first."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, Final
from zoneinfo import available_timezones

from django.utils.translation import gettext_lazy as _

from core.emails import normalise_email
from core.phones import parse_phone
from core.problems import Failure, Invalid, failure
from core.text import TextProblem, clean_text

CHILD: Final = 13
ADULT: Final = 18
OLDEST: Final = 130
LONGEST_NAME: Final = 100
FIELDS: Final = ("first_name", "last_name", "email", "phone", "date_of_birth", "language", "timezone")
LANGUAGES: Final = {"", "en", "es"}


class Entry(StrEnum):
    """Who gives the details: the patient in a public form, or the staff."""

    SELF = "self"
    STAFF = "staff"


@dataclass(frozen=True)
class Details:
    """What is known of a person, clean: names in NFC, the number as E.164, the address in lower case."""

    first_name: str
    last_name: str
    email: str = ""
    phone: str = ""
    date_of_birth: date | None = None
    language: str = ""
    timezone: str = ""


def age_on(born: date, on: date) -> int:
    """Whole years; who is born on 29 February has the birthday on 1 March of other years."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def read_details(
    given: Mapping[str, Any], *, on: date, entry: Entry, region: str = "US", prefix: str = ""
) -> Details:
    """The details as they may be stored; Invalid with everything that is wrong. Unknown names are not read."""
    reader = _Reader(given, on, entry, region, prefix)
    details = Details(**{name: reader.read(name) for name in FIELDS})
    if reader.failures:
        raise Invalid(errors=reader.failures)
    return details


def read_changes(
    given: Mapping[str, Any], current: Details, *, on: date, region: str = "US", prefix: str = ""
) -> Details:
    """The details after the staff changed some of them."""
    reader = _Reader(given, on, Entry.STAFF, region, prefix)
    changes = {name: reader.read(name) for name in FIELDS if name in given}
    if reader.failures:
        raise Invalid(errors=reader.failures)
    return replace(current, **changes)


class _Reader:
    """Reads one field after the other and keeps what is wrong."""

    def __init__(self, given: Mapping[str, Any], on: date, entry: Entry, region: str, prefix: str) -> None:
        self.given = given
        self.on = on
        self.entry = entry
        self.region = region
        self.prefix = prefix
        self.failures: list[Failure] = []

    def read(self, name: str) -> Any:
        """The clean value; a stand-in when it is wrong, since the failure is kept."""
        read: Callable[[Any], Any] = {
            "first_name": self._name,
            "last_name": self._name,
            "email": lambda value: normalise_email(clean_text(value, 254)) if value else "",
            "phone": lambda value: parse_phone(value, self.region) if value else "",
            "date_of_birth": self._date_of_birth,
            "language": self._language,
            "timezone": self._timezone,
        }[name]
        value = self.given.get(name)
        if isinstance(value, str):
            value = value.strip()
        try:
            self._refuse_other_types(name, value)
            self._refuse_missing(name, value)
            return read("" if value is None else value)
        except TextProblem as problem:
            self.failures.append(failure(f"{self.prefix}{name}", problem.code, problem.message))
            return None

    def _refuse_other_types(self, name: str, value: Any) -> None:
        if value is None or isinstance(value, str) or (name == "date_of_birth" and isinstance(value, date)):
            return
        raise TextProblem("not_text", _("This must be text."))

    def _refuse_missing(self, name: str, value: Any) -> None:
        required = {"first_name", "last_name"}
        if self.entry is Entry.SELF:
            required |= {"email", "phone", "date_of_birth"}
        if value in (None, "") and name in required:
            raise TextProblem("missing", MISSING[name])

    def _name(self, value: str) -> str:
        name = clean_text(value, LONGEST_NAME)
        if not any(not character.isspace() and character.isprintable() for character in name):
            raise TextProblem("missing", _("Enter a name."))
        return name

    def _date_of_birth(self, value: str | date) -> date | None:
        born = value if isinstance(value, date) else _parse_date(value)
        if born is None:
            return None
        if born > self.on:
            raise TextProblem("future", _("This date lies in the future."))
        age = age_on(born, self.on)
        if age > OLDEST:
            raise TextProblem("too_long_ago", _("This date lies too far back. Please check the year."))
        self._refuse_young(age)
        return born

    def _refuse_young(self, age: int) -> None:
        if age < CHILD:
            raise TextProblem(
                "under_13",
                _("We keep no records of children under 13. Please call the clinic, a parent can ask there."),
            )
        if age < ADULT and self.entry is Entry.SELF:
            raise TextProblem(
                "under_18",
                _(
                    "Booking here is for people of 18 and older. Please call the clinic: "
                    "a parent or guardian can arrange the visit with you."
                ),
            )

    def _language(self, value: str) -> str:
        if value not in LANGUAGES:
            raise TextProblem("unknown", _("Choose en or es."))
        return value

    def _timezone(self, value: str) -> str:
        if value and value not in available_timezones():
            # What a browser says of itself must not stop a booking; the clinic's own zone stands in.
            if self.entry is Entry.SELF:
                return ""
            raise TextProblem("unknown", _("There is no such time zone; write it like America/Chicago."))
        return value


MISSING: Final = {
    "first_name": _("Enter the first name."),
    "last_name": _("Enter the last name."),
    "email": _("Enter an email address."),
    "phone": _("Enter a phone number."),
    "date_of_birth": _("Enter the date of birth."),
}


def _parse_date(text: str) -> date | None:
    if not text:
        return None
    try:
        if len(text) == 10:
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise TextProblem("invalid", _("Write the date as year-month-day, such as 1990-04-23."))
