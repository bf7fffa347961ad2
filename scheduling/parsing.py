"""Reading what programs send: dates, moments, ids; every failure kept for one answer."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from core.problems import BadRequest, Failure, Invalid, Text, failure


class Reader:
    """Reads named values of one request and collects what is wrong with them."""

    def __init__(self, given: Any) -> None:
        if not isinstance(given, Mapping):
            raise BadRequest(_("Send a JSON object."))
        self.given = given
        self.failures: list[Failure] = []

    def done(self) -> None:
        """Complain now, about everything."""
        if self.failures:
            raise Invalid(errors=self.failures)

    def wrong(self, field: str, code: str, message: Text) -> None:
        self.failures.append(failure(field, code, message))

    def text(self, field: str) -> str:
        value = self.given.get(field, "")
        if value is None:
            return ""
        if not isinstance(value, str):
            self.wrong(field, "not_text", _("This must be text."))
            return ""
        return value

    def uid(self, field: str, *, required: bool = False) -> UUID | None:
        text = self._present(field, required)
        if not text:
            return None
        try:
            return UUID(text)
        except ValueError:
            self.wrong(field, "invalid", _("This is not an id."))
            return None

    def day(self, field: str) -> date | None:
        text = self._present(field, True)
        if not text:
            return None
        try:
            # Ten characters: the library reads other forms of the standard too.
            day = date.fromisoformat(text if len(text) == 10 else "")
        except ValueError:
            day = date.min
        if not 2000 <= day.year <= 2200:
            self.wrong(field, "invalid", _("Write the date as year-month-day, such as 2027-04-23."))
            return None
        return day

    def moment(self, field: str) -> datetime | None:
        text = self._present(field, True)
        if not text:
            return None
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None or not 2000 <= moment.year <= 2200:
            self.wrong(
                field, "invalid", _("Write the time with its offset, such as 2027-04-23T09:00:00-05:00.")
            )
            return None
        return moment

    def flag(self, field: str) -> bool:
        value = self.given.get(field, False)
        if not isinstance(value, bool):
            self.wrong(field, "not_boolean", _("Say true or false."))
            return False
        return value

    def _present(self, field: str, required: bool) -> str:
        text = self.text(field)
        if required and not text and not any(one["field"] == field for one in self.failures):
            self.wrong(field, "missing", _("This is needed."))
        return text
