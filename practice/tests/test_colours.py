"""Every clinic's colour stays readable, whatever it is."""

from colorsys import hsv_to_rgb

import pytest

from practice.colours import contrast, from_oklch, palette, to_oklch

WHITE, PAPER, CANVAS_DARK, CHARCOAL = "#ffffff", "#f6f3ee", "#161310", "#201c18"


def colours() -> list[str]:
    found = []
    for hue in range(36):
        for saturation, value in ((1, 1), (0.6, 1), (1, 0.5), (0.3, 0.9), (0.05, 0.05)):
            r, g, b = hsv_to_rgb(hue / 36, saturation, value)
            found.append(f"#{round(r * 255):02x}{round(g * 255):02x}{round(b * 255):02x}")
    return [*found, "#000000", "#ffffff"]


def test_contrast_holds_for_every_colour():
    for colour in colours():
        found = palette(colour)
        for light in (WHITE, PAPER, found.light["accent-surface"]):
            assert contrast(found.light["accent-ink"], light) >= 4.5, colour
        assert contrast(found.light["accent"], WHITE) >= 4.5, colour  # text on a filled button
        assert contrast(found.light["accent-hover"], WHITE) >= 4.5, colour
        for dark in (CANVAS_DARK, CHARCOAL, found.dark["accent-surface"]):
            assert contrast(found.dark["accent-ink"], dark) >= 4.5, colour
        assert contrast(found.dark["accent"], CANVAS_DARK) >= 4.5, colour


@pytest.mark.parametrize("colour", ["#8d2d57", "#1fd1b2", "#44513f", "#010203"])
def test_there_and_back(colour):
    assert from_oklch(*to_oklch(colour)) == colour


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
