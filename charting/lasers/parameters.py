"""The figures of one session: whole numbers in small units, since two sessions are compared and floats are not equal."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from decimal import Decimal, InvalidOperation
from typing import Any, Final, Self

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.problems import Failure, failure

Text = str | Promise
PICO: Final = {"ps": 1, "ns": 1_000, "ms": 1_000_000_000}  # picoseconds in a unit
UNITS: Final = (("ps", "ps"), ("ns", "ns"), ("ms", "ms"))
ENDPOINTS: Final[tuple[tuple[str, Text], ...]] = (
    ("none", _("No visible reaction")),
    ("erythema", _("Erythema")),
    ("edema", _("Perifollicular edema")),
    ("frosting", _("Frosting")),
    ("purpura", _("Purpura")),
    ("bleeding", _("Pinpoint bleeding")),
    ("clearing", _("Vessel clearing")),
)
INKS: Final[tuple[tuple[str, Text], ...]] = (
    ("black", _("Black")),
    ("red", _("Red")),
    ("orange", _("Orange")),
    ("yellow", _("Yellow")),
    ("green", _("Green")),
    ("blue", _("Blue")),
    ("purple", _("Purple")),
    ("brown", _("Brown")),
    ("white", _("White")),
)
COOLING: Final[tuple[tuple[str, Text], ...]] = (
    ("", _("None")),
    ("air", _("Cold air")),
    ("contact", _("Contact")),
    ("cryogen", _("Cryogen spray")),
    ("ice", _("Ice")),
)


@dataclass(frozen=True)
class Figure:
    """One number of the form: what a step of it is worth, and what no device of this trade leaves."""

    label: Text
    unit: str
    scale: int  # so many stored steps in one unit
    least: str
    most: str
    required: bool = True


# In the units people type; stored times `scale`.
FIGURES: Final[dict[str, Figure]] = {
    "wavelength": Figure(_("Wavelength"), "nm", 1, "300", "11000"),
    "spot": Figure(_("Spot size"), "mm", 10, "0.1", "50"),
    "fluence": Figure(_("Fluence"), "J/cm²", 100, "0.01", "200"),
    "pulse": Figure(_("Pulse duration"), "", 1, "0.001", "1000"),
    "frequency": Figure(_("Frequency"), "Hz", 10, "0.1", "1000", required=False),
    "passes": Figure(_("Passes"), "", 1, "1", "20"),
    "surface": Figure(_("Area treated"), "cm²", 10, "0.1", "5000", required=False),
}


@dataclass(frozen=True)
class Parameters:
    """nm · tenths of mm · hundredths of J/cm² · picoseconds · tenths of Hz · passes · tenths of cm²."""

    wavelength: int
    spot: int
    fluence: int
    pulse: int
    pulse_unit: str
    passes: int
    frequency: int | None = None
    surface: int | None = None
    endpoint: str = ""
    inks: tuple[str, ...] = ()
    cooling: str = ""

    def as_json(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if value not in (None, "", ())}

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Self:
        known = {field.name for field in fields(cls)}
        given = {name: value for name, value in stored.items() if name in known}
        return cls(**{**given, "inks": tuple(given.get("inks", ()))})

    def typed(self, name: str) -> str:
        """The number as somebody would type it."""
        value = getattr(self, name)
        if value is None:
            return ""
        scale = PICO[self.pulse_unit] if name == "pulse" else FIGURES[name].scale
        return _plain(Decimal(value) / scale)

    def told(self, name: str) -> str:
        typed = self.typed(name)
        unit = self.pulse_unit if name == "pulse" else FIGURES[name].unit
        return f"{typed} {unit}".strip() if typed else ""

    def line(self) -> str:
        """All of it on one line, as it stands in a note."""
        parts = [self.told(name) for name in ("wavelength", "spot", "fluence", "pulse", "frequency")]
        parts.append(f"{self.passes} ×")
        return " · ".join(part for part in parts if part)


# What the form begins with on a device that this series has not met: usual figures, to be judged, of its kind.
PRESETS: Final[dict[str, Parameters]] = {
    "laser": Parameters(755, 120, 1200, 3 * PICO["ms"], "ms", 1, frequency=10, cooling="air"),
    "picosecond": Parameters(1064, 40, 180, 450, "ps", 1, frequency=50, cooling="air"),
    "q_switched": Parameters(1064, 40, 250, 6 * PICO["ns"], "ns", 1, frequency=20, cooling="air"),
    "ipl": Parameters(560, 150, 1400, 10 * PICO["ms"], "ms", 1, cooling="contact"),
}


def preset(kind: str, name: str) -> Parameters | None:
    """By the device's kind; where one kind serves several machines, by what its name says."""
    called = name.casefold()
    if "pico" in called:
        return PRESETS["picosecond"]
    if "q-switch" in called or "nd:yag" in called:
        return PRESETS["q_switched"]
    return PRESETS.get(kind.casefold())


def read(given: Mapping[str, Any]) -> tuple[Parameters | None, list[Failure]]:
    """What was typed or sent, in the units people use; every failure, not only the first."""
    wrong: list[Failure] = []
    unit = str(given.get("pulse_unit", "") or "")
    if unit not in PICO:
        wrong.append(failure("pulse_unit", "unknown", _("Choose ps, ns or ms.")))
    numbers = {name: _number(name, given.get(name), unit, wrong) for name in FIGURES}
    endpoint = _one_of("endpoint", given.get("endpoint"), ENDPOINTS, wrong)
    cooling = _one_of("cooling", given.get("cooling"), COOLING, wrong)
    inks = given.get("inks") or []
    if not isinstance(inks, list | tuple) or not {str(one) for one in inks} <= {key for key, _w in INKS}:
        wrong.append(failure("inks", "unknown", _("Choose from the list.")))
    if wrong:
        return None, wrong
    chosen = tuple(key for key, _words in INKS if key in inks)
    made = {**numbers, "pulse_unit": unit, "endpoint": endpoint, "cooling": cooling, "inks": chosen}
    return Parameters(**made), []  # type: ignore[arg-type]


def _number(name: str, value: Any, unit: str, wrong: list[Failure]) -> int | None:
    figure = FIGURES[name]
    if value is None or str(value).strip() == "":
        if figure.required:
            wrong.append(failure(name, "missing", _("Enter a number.")))
        return None
    try:
        number = Decimal(str(value).strip().replace(",", "."))
    except InvalidOperation:
        number = Decimal("NaN")
    between = {"least": figure.least, "most": figure.most, "unit": figure.unit or unit}
    if not number.is_finite() or not Decimal(figure.least) <= number <= Decimal(figure.most):
        said = _("Give a number from %(least)s to %(most)s %(unit)s.") % between
        wrong.append(failure(name, "out_of_range", said))
        return None
    stored = number * (PICO.get(unit, 1) if name == "pulse" else figure.scale)
    if stored != stored.to_integral_value():
        wrong.append(failure(name, "too_fine", _("This has more decimal places than can be set.")))
        return None
    return int(stored)


def _one_of(name: str, value: Any, options: tuple[tuple[str, Text], ...], wrong: list[Failure]) -> str:
    text = str(value or "")
    if text and text not in dict(options):
        wrong.append(failure(name, "unknown", _("Choose from the list.")))
    return text


def _plain(number: Decimal) -> str:
    text = format(number.normalize(), "f")
    return text or "0"
