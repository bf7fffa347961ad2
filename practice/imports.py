"""What a spreadsheet says of services, rooms and devices: every row checked against the clinic, nothing stored.

The clinic is read once before the rows, so ten thousand of them cost no query each.
"""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.text import TextProblem, clean_text
from practice.models import Device, Provider, Room, Service
from practice.offer import OLDEST, read_amount
from practice.profile import profile
from practice.queries import locations
from practice.sheets import FORMULA, Column, Row, RowError, read_rows

SERVICES, RESOURCES = "services", "resources"
SHOWN: Final = 200  # errors listed; the rest is counted
YES: Final = {"yes", "y", "true", "1", "x", "sí", "si"}
NO: Final = {"no", "n", "false", "0", ""}
COLUMNS: Final = {
    SERVICES: (
        Column("heading", "Skin", required=True),
        Column("name", "Hydrating facial", required=True),
        Column("description", "Cleanse, exfoliate, hydrate."),
        Column("duration", "60", required=True),
        Column("buffer before", "0"),
        Column("buffer after", "15"),
        Column("gap after", "0"),
        Column("gap minutes", "0"),
        Column("price", "195.00"),
        Column("deposit", "0"),
        Column("room kind", ""),
        Column("device kind", ""),
        Column("minimum age", "18"),
        Column("online", "yes"),
        Column("providers", ""),
    ),
    RESOURCES: (
        Column("type", "room", required=True),
        Column("name", "Room 4", required=True),
        Column("kind", "treatment", required=True),
        Column("location", ""),
    ),
}
Text = str | Promise


@dataclass
class DryRun:
    """What would be stored, and everything that is wrong; with one error nothing is stored."""

    ready: list[dict[str, Any]] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    rows: int = 0

    @property
    def is_clear(self) -> bool:
        return bool(self.ready) and not self.kinds

    @property
    def wrong(self) -> int:
        return sum(self.kinds.values())

    def add(self, error: RowError) -> None:
        self.kinds[error.code] += 1
        if len(self.errors) < SHOWN:
            self.errors.append(error)


def dry_run(what: str, content: bytes) -> DryRun:
    """Raises sheets.SheetProblem where the file is no table at all."""
    run = DryRun()
    check: Checker = {SERVICES: ServiceRows, RESOURCES: ResourceRows}[what]()
    for row in read_rows(content, COLUMNS[what]):
        run.rows += 1
        if isinstance(row, RowError):
            run.add(row)
            continue
        cells = Cells(row)
        fields = check.read(cells)
        for error in cells.errors:
            run.add(error)
        if not cells.errors:
            run.ready.append(fields)
    return run


class Cells:
    """One row, read cell by cell; what is wrong gathers in `errors`."""

    def __init__(self, row: Row) -> None:
        self.row = row
        self.errors: list[RowError] = []

    def wrong(self, column: str, code: str, wrong: Text, remedy: Text) -> None:
        self.errors.append(RowError(self.row.number, column, code, wrong, remedy))

    def raw(self, column: str) -> str:
        return self.row.cells.get(column, "")

    def text(self, column: str, most: int, *, required: bool = False) -> str:
        given = self.raw(column)
        if required and not given:
            self.wrong(column, f"{column}_missing", _("It is empty."), _("Every row needs it."))
            return ""
        if given.startswith(FORMULA):
            self.wrong(
                column,
                "formula",
                _("It begins like a formula."),
                _("Begin with a letter or a number."),
            )
            return ""
        try:
            return clean_text(given, most, multiline=column == "description")
        except TextProblem as problem:
            self.wrong(column, f"{column}_{problem.code}", problem.message, _("Shorten or type it again."))
            return ""

    def number(self, column: str, least: int, most: int, default: int | None) -> int:
        given = self.raw(column)
        if not given and default is not None:
            return default
        plain = given.removesuffix(".0")  # what some programs make of whole numbers
        bounds = {"least": least, "most": most}
        remedy = _("Give a whole number from %(least)d to %(most)d.") % bounds
        if not given:
            self.wrong(column, f"{column}_missing", _("It is empty."), remedy)
        elif not (plain.isascii() and plain.isdigit() and len(plain) < 9):
            self.wrong(
                column,
                f"{column}_not_a_number",
                _("“%(text)s” is no whole number.") % {"text": given[:20]},
                remedy,
            )
        elif not least <= int(plain) <= most:
            self.wrong(column, f"{column}_range", _("%(text)s is out of range.") % {"text": plain}, remedy)
        else:
            return int(plain)
        return default if default is not None else least

    def amount(self, column: str, currency: str) -> int:
        try:
            return read_amount(self.raw(column) or "0", currency)
        except ValueError:
            text = {"text": self.raw(column)[:20]}
            self.wrong(
                column, f"{column}_invalid", _("“%(text)s” is no amount.") % text, _("Write 180 or 180.50.")
            )
            return 0

    def flag(self, column: str, *, default: bool) -> bool:
        given = self.raw(column).lower()
        if column not in self.row.cells:
            return default
        if given in YES or given in NO:
            return given in YES
        self.wrong(
            column,
            f"{column}_invalid",
            _("“%(text)s” is neither yes nor no.") % {"text": given[:20]},
            _("Write yes or no."),
        )
        return default

    def one_of(self, column: str, known: dict[str, Any], remedy: Text) -> Any:
        given = self.raw(column)
        found = known.get(given.casefold())
        if given and found is None:
            self.wrong(
                column, f"{column}_unknown", _("“%(text)s” is not known here.") % {"text": given[:40]}, remedy
            )
        return found


class Checker(ABC):
    """Reads the rows of one kind of sheet."""

    @abstractmethod
    def read(self, cells: Cells) -> dict[str, Any]:
        """The row's fields; what is wrong is noted on its cells."""

    def once(self, cells: Cells, key: Any, seen: dict[Any, int], stored: set[Any], stored_text: Text) -> None:
        """A name stands for one thing: not twice in the file, and not beside one that is there."""
        if key in stored:
            cells.wrong("name", "exists", stored_text, _("Change it in the settings, or remove the row."))
        elif key in seen:
            number = {"row": seen[key]}
            cells.wrong("name", "twice", _("The same as row %(row)d.") % number, _("Remove one of the two."))
        seen.setdefault(key, cells.row.number)


class ServiceRows(Checker):
    def __init__(self) -> None:
        self.currency = profile().currency
        self.rooms = _kinds(Room.objects.in_use().values_list("kind", flat=True))
        self.devices = _kinds(Device.objects.in_use().values_list("kind", flat=True))
        self.people = {one.display_name.casefold(): one for one in Provider.objects.in_use()}
        self.stored = {name.casefold() for name in Service.objects.in_use().values_list("name", flat=True)}
        self.seen: dict[Any, int] = {}

    def read(self, cells: Cells) -> dict[str, Any]:
        fields: dict[str, Any] = {
            "heading": cells.text("heading", 80, required=True),
            "name": cells.text("name", 120, required=True),
            "description": cells.text("description", 2000),
            "duration_minutes": cells.number("duration", 5, 720, None),
            "buffer_before": cells.number("buffer before", 0, 120, 0),
            "buffer_after": cells.number("buffer after", 0, 120, 0),
            "processing_start": cells.number("gap after", 0, 720, 0),
            "processing_minutes": cells.number("gap minutes", 0, 720, 0),
            "price_amount": cells.amount("price", self.currency),
            "deposit_amount": cells.amount("deposit", self.currency),
            "room_kind": cells.one_of(
                "room kind", self.rooms, _("Add such a room first, or correct the word.")
            )
            or "",
            "device_kind": cells.one_of(
                "device kind", self.devices, _("Add such a device first, or correct the word.")
            )
            or "",
            "min_age": cells.number("minimum age", 0, OLDEST, 18),
            "online": cells.flag("online", default=True),
            "providers": list(self._givers(cells)),
        }
        if not cells.errors:
            self._adds_up(cells, fields)
        if fields["name"]:
            there = _("A service of this name is there already.")
            self.once(cells, fields["name"].casefold(), self.seen, self.stored, there)
        return fields

    def _givers(self, cells: Cells) -> Iterator[Provider]:
        for name in filter(None, (part.strip() for part in cells.raw("providers").split("|"))):
            found = self.people.get(name.casefold())
            if found is None:
                wrong = _("Nobody called “%(name)s” treats here.") % {"name": name[:40]}
                cells.wrong("providers", "provider_unknown", wrong, _("Separate several names by |."))
            else:
                yield found

    def _adds_up(self, cells: Cells, fields: dict[str, Any]) -> None:
        if fields["processing_start"] + fields["processing_minutes"] > fields["duration_minutes"]:
            wrong = _("The gap ends after the visit.")
            cells.wrong("gap minutes", "gap_order", wrong, _("Shorten it, or make the visit longer."))
        if fields["deposit_amount"] > fields["price_amount"]:
            wrong = _("The deposit is more than the price.")
            cells.wrong("deposit", "deposit_order", wrong, _("Lower it, or raise the price."))


class ResourceRows(Checker):
    def __init__(self) -> None:
        self.places = {one.name.casefold(): one for one in locations()}
        self.only = next(iter(self.places.values())) if len(self.places) == 1 else None
        self.stored = {
            (what, row.location.pk, row.name.casefold())
            for what, rows in (("room", Room.objects), ("device", Device.objects))
            for row in rows.in_use().select_related("location")
        }
        self.seen: dict[Any, int] = {}

    def read(self, cells: Cells) -> dict[str, Any]:
        remedy = _("Write it as it is called under Locations.")
        location = cells.one_of("location", self.places, remedy)
        if location is None and not cells.raw("location"):
            location = self.only
            if location is None:
                cells.wrong("location", "location_missing", _("It is empty."), remedy)
        what = cells.raw("type").lower()
        if what not in ("room", "device"):
            cells.wrong(
                "type",
                "type_unknown",
                _("“%(text)s” is no type.") % {"text": what[:20]},
                _("Write room or device."),
            )
        name = cells.text("name", 80, required=True)
        if name and location is not None:
            there = _("One of this name is there already.")
            self.once(cells, (what, location.pk, name.casefold()), self.seen, self.stored, there)
        return {
            "what": what,
            "name": name,
            "kind": cells.text("kind", 40, required=True),
            "location": location,
        }


def _kinds(values: Any) -> dict[str, str]:
    return {kind.casefold(): kind for kind in values}
