"""A clinic's colour, made readable: hue and a capped chroma are the clinic's, lightness is ours.

The same reckoning as static/css/tokens.css does in the browser, for older browsers, mails and documents.
"""

from dataclasses import dataclass
from math import atan2, cos, hypot, sin
from typing import Final

# name → (lightness, most chroma) on light and on dark, as in tokens.css
ROLES: Final[dict[str, tuple[tuple[float, float], tuple[float, float]]]] = {
    "accent": ((0.44, 0.115), (0.81, 0.068)),
    "accent-hover": ((0.38, 0.11), (0.87, 0.055)),
    "accent-ink": ((0.42, 0.115), (0.84, 0.062)),
    "accent-surface": ((0.957, 0.013), (0.28, 0.026)),
    "accent-line": ((0.86, 0.034), (0.43, 0.045)),
}
Triple = tuple[float, float, float]


@dataclass(frozen=True)
class Palette:
    """The accent in its five roles, as #rrggbb."""

    light: dict[str, str]
    dark: dict[str, str]


def palette(accent: str) -> Palette:
    _, chroma, hue = to_oklch(accent)
    light, dark = (
        {name: from_oklch(parts[side][0], min(chroma, parts[side][1]), hue) for name, parts in ROLES.items()}
        for side in (0, 1)
    )
    return Palette(light, dark)


def contrast(one: str, other: str) -> float:
    """WCAG 2: from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def to_oklch(colour: str) -> Triple:
    """Lightness, chroma and hue in radians."""
    r, g, b = _linear(colour)
    long = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)
    medium = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
    short = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    bb = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return lightness, hypot(a, bb), atan2(bb, a)


def from_oklch(lightness: float, chroma: float, hue: float) -> str:
    """As #rrggbb; chroma gives way until a screen can show it."""
    while True:
        rgb = _to_linear(lightness, chroma, hue)
        if chroma <= 0 or all(-0.0005 <= part <= 1.0005 for part in rgb):
            return "#" + "".join(f"{_encode(part):02x}" for part in rgb)
        chroma -= 0.002


def _to_linear(lightness: float, chroma: float, hue: float) -> Triple:
    a, b = chroma * cos(hue), chroma * sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _linear(colour: str) -> Triple:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    r, g, b = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return r, g, b


def _encode(part: float) -> int:
    part = min(1.0, max(0.0, part))
    return round(255 * (12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055))


def _luminance(colour: str) -> float:
    r, g, b = _linear(colour)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
