"""Money adds up, or refuses."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import Charge, Money

amounts = st.integers(-(10**12), 10**12)
dollars = st.builds(Money, amounts, st.just("USD"))


@pytest.mark.parametrize("amount", [1.0, Decimal(1), "1", True, None])
def test_only_whole_minor_units(amount):
    with pytest.raises(TypeError):
        Money(amount, "USD")


@pytest.mark.parametrize("currency", ["usd", "US", "USDX", ""])
def test_only_iso_currencies(currency):
    with pytest.raises(ValueError, match="ISO 4217"):
        Money(1, currency)


def test_currencies_do_not_mix():
    with pytest.raises(ValueError, match="cannot mix"):
        Money(1, "USD") + Money(1, "EUR")
    with pytest.raises(ValueError, match="cannot mix"):
        assert Money(1, "USD") < Money(1, "EUR")
    with pytest.raises(TypeError):
        Money(1, "USD") + 1  # type: ignore[operator]
    assert Money(1, "USD") != Money(1, "EUR")


def test_no_float_gets_in_by_a_rate():
    with pytest.raises(TypeError):
        Money(100, "USD") * 1.5  # type: ignore[operator]
    with pytest.raises(TypeError):
        Money(100, "USD").portion(8.25)  # type: ignore[arg-type]


@given(dollars, dollars, dollars)
def test_sums(a, b, c):
    assert a + b == b + a
    assert (a + b) + c == a + (b + c)
    assert a - b == -(b - a)
    assert a + Money.zero("USD") == a
    assert (a < b) == (a.amount < b.amount)


@given(dollars, st.integers(1, 50))
def test_shares_add_up(whole, parts):
    shares = whole.split(parts)
    assert sum((share.amount for share in shares), 0) == whole.amount
    assert max(shares).amount - min(shares).amount <= 1


@given(dollars, st.integers(0, 10_000))
def test_a_portion_is_the_nearest_cent(money, rate):
    exact = Decimal(money.amount) * rate / 10_000
    assert abs(Decimal(money.portion(rate).amount) - exact) <= Decimal("0.5")
    assert (-money).portion(rate) == -(money.portion(rate))


def test_half_a_cent_goes_up():
    assert Money(1050, "USD").portion(1000) == Money(105, "USD")
    assert Money(5, "USD").portion(1000) == Money(1, "USD")
    assert Money(-5, "USD").portion(1000) == Money(-1, "USD")


@given(dollars, st.integers(0, 3_000))
def test_a_charge_adds_up(net, rate):
    charge = Charge.of(net, rate)
    assert charge.net + charge.tax == charge.total
    assert (charge + charge).total == charge.total * 2


def test_a_charge_that_does_not_add_up_is_refused():
    with pytest.raises(ValueError, match="add up"):
        Charge(Money(100, "USD"), Money(8, "USD"), Money(107, "USD"))


@pytest.mark.parametrize(
    ("money", "locale", "text"),
    [
        (Money(12500, "USD"), "en", "$125.00"),
        (Money(123456789, "USD"), "en-US", "$1,234,567.89"),
        (Money(-5, "USD"), "en", "-$0.05"),
        (Money(123450, "EUR"), "es", "1.234,50\N{NO-BREAK SPACE}€"),
        (Money(123450, "USD"), "es-us", "$1,234.50"),
        (Money(123450, "EUR"), "es_ES", "1.234,50\N{NO-BREAK SPACE}€"),
        (Money(500, "JPY"), "en", "¥500"),
        (Money(1500, "KWD"), "en", "KWD\N{NO-BREAK SPACE}1.500"),
        (Money(100, "CHF"), "xx", "CHF\N{NO-BREAK SPACE}1.00"),
    ],
)
def test_written_as_the_locale_writes(money, locale, text):
    assert money.format(locale) == text


def test_json():
    assert Money(12500, "USD").as_json() == {"amount": 12500, "currency": "USD"}
    assert Money(12500, "USD").as_decimal_text() == "125.00"
