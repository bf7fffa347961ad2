"""Money: whole minor units with a currency, and sums that must add up. The only place that rounds."""

from dataclasses import dataclass
from functools import total_ordering
from typing import Final

NO_DIGITS: Final = frozenset({"CLP", "ISK", "JPY", "KRW", "VND"})
THREE_DIGITS: Final = frozenset({"BHD", "JOD", "KWD", "OMR", "TND"})
SYMBOLS: Final = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "MXN": "MX$", "CAD": "CA$", "AUD": "A$"}
# group separator, decimal separator, symbol before the number
STYLES: Final = {
    "en": (",", ".", True),
    "es": (".", ",", False),
    "es-us": (",", ".", True),
    "es-mx": (",", ".", True),
    "es-pr": (",", ".", True),
    "de": (".", ",", False),
    "fr": ("\N{NARROW NO-BREAK SPACE}", ",", False),
}


def digits_of(currency: str) -> int:
    """How many decimal digits the currency's minor unit has."""
    if currency in NO_DIGITS:
        return 0
    return 3 if currency in THREE_DIGITS else 2


def _round_half_up(numerator: int, denominator: int) -> int:
    sign = -1 if numerator < 0 else 1
    return sign * ((2 * abs(numerator) + denominator) // (2 * denominator))


@total_ordering
@dataclass(frozen=True)
class Money:
    """An amount in minor units: Money(12500, "USD") is 125 dollars."""

    amount: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.amount) is not int:
            raise TypeError("an amount is a whole number of minor units")
        if not (len(self.currency) == 3 and self.currency.isascii() and self.currency.isupper()):
            raise ValueError("a currency is a three-letter ISO 4217 code")

    def _same(self, other: object) -> "Money":
        if not isinstance(other, Money):
            raise TypeError("money goes only with money")
        if other.currency != self.currency:
            raise ValueError(f"cannot mix {self.currency} and {other.currency}")
        return other

    def __add__(self, other: "Money") -> "Money":
        return Money(self.amount + self._same(other).amount, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.amount - self._same(other).amount, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.amount, self.currency)

    def __mul__(self, count: int) -> "Money":
        if type(count) is not int:
            raise TypeError("money is multiplied by whole numbers; use portion() for a rate")
        return Money(self.amount * count, self.currency)

    __rmul__ = __mul__

    def __lt__(self, other: "Money") -> bool:
        return self.amount < self._same(other).amount

    def __bool__(self) -> bool:
        return self.amount != 0

    @classmethod
    def zero(cls, currency: str) -> "Money":
        return cls(0, currency)

    def portion(self, basis_points: int) -> "Money":
        """So many hundredths of a per cent, rounded half away from zero."""
        if type(basis_points) is not int:
            raise TypeError("a rate is a whole number of basis points")
        return Money(_round_half_up(self.amount * basis_points, 10_000), self.currency)

    def split(self, parts: int) -> "list[Money]":
        """Equal shares that add up to the whole; the first ones carry what is left over."""
        if parts < 1:
            raise ValueError("money is split into at least one part")
        each, left = divmod(self.amount, parts)
        return [Money(each + (1 if n < left else 0), self.currency) for n in range(parts)]

    def as_json(self) -> dict[str, int | str]:
        return {"amount": self.amount, "currency": self.currency}

    def as_decimal_text(self) -> str:
        """The number alone, with a point and no grouping: "1250.00"."""
        return self._number("", ".")

    def format(self, locale: str = "en") -> str:
        """The amount as people of the locale write it."""
        key = locale.lower().replace("_", "-")
        group, decimal, before = STYLES.get(key) or STYLES.get(key.partition("-")[0]) or STYLES["en"]
        number = self._number(group, decimal).removeprefix("-")
        symbol = SYMBOLS.get(self.currency)
        sign = "-" if self.amount < 0 else ""
        if not before:
            return f"{sign}{number}\N{NO-BREAK SPACE}{symbol or self.currency}"
        lead = symbol or f"{self.currency}\N{NO-BREAK SPACE}"
        return f"{sign}{lead}{number}"

    def _number(self, group: str, decimal: str) -> str:
        digits = digits_of(self.currency)
        whole, part = divmod(abs(self.amount), 10**digits)
        text = f"{whole:,}".replace(",", group)
        if digits:
            text = f"{text}{decimal}{part:0{digits}d}"
        return f"-{text}" if self.amount < 0 else text

    def __str__(self) -> str:
        return self.format()


@dataclass(frozen=True)
class Charge:
    """What is asked of somebody: net and tax must add up to the total."""

    net: Money
    tax: Money
    total: Money

    def __post_init__(self) -> None:
        if self.net + self.tax != self.total:
            raise ValueError("net and tax must add up to the total")

    @classmethod
    def of(cls, net: Money, tax_rate_bp: int) -> "Charge":
        """A net price and the tax on it."""
        tax = net.portion(tax_rate_bp)
        return cls(net=net, tax=tax, total=net + tax)

    def __add__(self, other: "Charge") -> "Charge":
        return Charge(self.net + other.net, self.tax + other.tax, self.total + other.total)
