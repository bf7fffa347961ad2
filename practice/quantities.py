"""Quantities of stock: whole hundredths of the product's unit, as people write them and as they are kept. Pure.

400 is four units of a neurotoxin; 55 is 0.55 mL of a filler. No float ever holds one.
"""

import re
from typing import Final

HUNDRED: Final = 100
MOST: Final = 100_000_000  # a million units: more is a slip of the finger
WRITTEN: Final = re.compile(r"(?P<whole>[0-9]{1,7})(?:[.,](?P<part>[0-9]{1,2}))?")


def read_quantity(text: str) -> int:
    """ "2.5" is 250. ValueError for what is no quantity: signs, exponents, NaN, a third decimal, far too much."""
    match = WRITTEN.fullmatch(text.strip())
    if match is None or not text.isascii():
        raise ValueError(text)
    amount = int(match["whole"]) * HUNDRED + int((match["part"] or "0").ljust(2, "0"))
    if amount > MOST:
        raise ValueError(text)
    return amount


def write_quantity(amount: int) -> str:
    """250 is "2.5": no more decimals than it has."""
    whole, part = divmod(abs(amount), HUNDRED)
    text = f"{whole}.{part:02d}".rstrip("0").rstrip(".")
    return f"-{text}" if amount < 0 else text
