"""One injection point as it is put down: by a click on the drawing, or by naming its place."""

from collections.abc import Iterable
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from charting.actions.injections import LONGEST_SITE, Mark
from charting.models import InjectionPoint
from charting.models.injections import Depth, Technique, View
from charting.sites import BY_KEY, THOUSAND, of_view
from core.forms import ProblemForm
from practice.forms.fields import choice
from practice.forms.stock import QuantityField
from practice.models import Lot, Product, WasteReason
from practice.quantities import write_quantity

LOT, PRODUCT = "lot", "product"
STEP: Final = 26  # how far apart marks lie that are put at one named place, in thousandths
RING: Final = ((0, 0), (-1, 0), (1, 0), (0, -1), (0, 1), (-1, -1), (1, -1), (-1, 1), (1, 1), (-2, 0), (2, 0))
Options = list[tuple[str, list[tuple[str, str]]]]


def place(label: Any) -> forms.IntegerField:
    told = _("Give a whole number from 0 to 1000.")
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=THOUSAND,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), told),
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class PointForm(ProblemForm):
    """`what` is a lot, or a product whose lot is chosen later."""

    what = choice(_("Product and lot"), ())
    units = QuantityField(_("Quantity"))
    view = choice(_("Drawing"), View.choices)
    site = choice(_("Place"), (), required=False)
    x = place(_("From the left, thousandths"))
    y = place(_("From the top, thousandths"))
    depth = choice(_("Depth"), [("", _("Not said")), *Depth.choices], required=False)
    technique = choice(_("Technique"), [("", _("Not said")), *Technique.choices], required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        view: str,
        options: Options,
        known: dict[str, Lot | Product],
        point: InjectionPoint | None = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        self.known, self.point = known, point
        super().__init__(data, initial=initial or {}, auto_id=f"{'point' if point else 'new'}-%s")
        what, site, shown = self.fields["what"], self.fields["site"], self.fields["view"]
        assert isinstance(what, forms.ChoiceField)
        assert isinstance(site, forms.ChoiceField)
        what.choices = [("", _("Choose product and lot")), *options]
        site.choices = [
            ("", _("Where it is marked") if point else _("Click on the drawing, or choose")),
            *((one.key, one.name) for one in of_view(view)),
        ]
        shown.widget = forms.HiddenInput()
        if point is None:
            self.fields["x"].widget = self.fields["y"].widget = forms.HiddenInput()

    def clean(self) -> None:
        given = self.cleaned_data
        site = BY_KEY.get(given.get("site") or "")
        if site is not None and site.view != given.get("view"):
            self.add_error("site", _("Choose one of the list."))
        if site is None and (given.get("x") is None or given.get("y") is None) and not self.errors:
            self.add_error("site", _("Click on the drawing, or choose a place."))

    def mark(self, points: Iterable[InjectionPoint]) -> Mark:
        given = self.cleaned_data
        site = BY_KEY.get(given["site"] or "")
        chosen = self.known[given["what"]]
        lot = chosen if isinstance(chosen, Lot) else None
        product = chosen.product if isinstance(chosen, Lot) else chosen
        moved = self.point is not None and (given["x"], given["y"]) != (
            self.point.where["x"],
            self.point.where["y"],
        )
        if site is not None and not moved:
            x, y = _free(site.x, site.y, [one.where for one in points if one.where["view"] == site.view])
        else:
            x, y = given["x"], given["y"]
        return Mark(
            view=given["view"],
            x=x,
            y=y,
            product=product,
            lot=lot,
            units=given["units"],
            depth=given["depth"],
            technique=given["technique"],
            site=str(site.name)[:LONGEST_SITE] if site else "",
        )


def point_initial(point: InjectionPoint) -> dict[str, Any]:
    where = point.where
    return {
        "what": f"{LOT}:{point.lot.uid}" if point.lot else f"{PRODUCT}:{point.product.uid}",
        "units": write_quantity(point.units),
        **{name: where[name] for name in ("view", "x", "y", "depth", "technique")},
    }


def _free(x: int, y: int, taken: list[dict[str, Any]]) -> tuple[int, int]:
    """Beside what is marked at the named place already, so that no mark hides another."""
    for right, down in RING:
        spot = x + right * STEP, y + down * STEP
        if all(abs(one["x"] - spot[0]) >= STEP or abs(one["y"] - spot[1]) >= STEP for one in taken):
            return spot
    return x, y


class DrawnForm(ProblemForm):
    """How much was drawn up of a lot."""

    lot = forms.UUIDField(widget=forms.HiddenInput())
    quantity = QuantityField(_("Drawn"))


class WasteDrawnForm(ProblemForm):
    lot = forms.UUIDField(widget=forms.HiddenInput())
    quantity = QuantityField(_("Quantity"))
    reason = choice(_("Why"), WasteReason.choices)
