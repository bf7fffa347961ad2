"""Deliveries, moves, counts and waste, as they are put down beside the shelf."""

from collections.abc import Iterable
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import ProblemForm
from core.problems import Invalid
from practice.forms.fields import choice, text
from practice.models import Location, Product, ProductKind, Unit, WasteReason
from practice.offer import read_amount, write_amount
from practice.quantities import read_quantity, write_quantity

PLAIN: Final = ("name", "manufacturer", "kind", "unit")
ASKS: Final = _("Give a quantity such as 4 or 0.5, with at most two decimals.")


class QuantityField(forms.CharField):
    """A quantity as people write it; hundredths of the unit when cleaned."""

    def __init__(self, label: Any, *, hint: Any = "", initial: str = "") -> None:
        super().__init__(
            label=label,
            help_text=hint,
            initial=initial,
            max_length=40,
            error_messages={"required": ASKS, "max_length": ASKS},
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        )

    def clean(self, value: Any) -> int:
        try:
            return read_quantity(super().clean(value))
        except ValueError:
            raise forms.ValidationError(ASKS, code="invalid") from None


def day(label: Any, *, missing: Any, hint: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=hint,
        error_messages={"required": missing, "invalid": missing},
        widget=forms.DateInput(attrs={"type": "date", "autocomplete": "off"}, format="%Y-%m-%d"),
    )


class ProductForm(ProblemForm):
    name = text(_("Name"), missing=_("Enter the name that stands on the package."))
    manufacturer = text(_("Maker"))
    kind = choice(_("Kind"), ProductKind.choices)
    unit = choice(_("Counted in"), Unit.choices)
    per_vial = QuantityField(
        _("In one vial or package"), hint=_("100 for a vial of 100 units, 0.55 for a syringe of 0.55 mL.")
    )
    price = text(_("Price of one unit"), inputmode="decimal", hint=_("What the chart hands to the invoice."))

    def __init__(self, data: Any = None, *, product: Product | None, currency: str) -> None:
        self.currency = product.currency if product else currency
        initial: dict[str, Any] = {"kind": ProductKind.NEUROTOXIN, "per_vial": "100", "price": "0"}
        if product is not None:
            initial = {name: getattr(product, name) for name in PLAIN}
            initial["per_vial"] = write_quantity(product.per_vial)
            initial["price"] = write_amount(product.price_amount, self.currency)
        super().__init__(data, initial=initial)

    def clean_price(self) -> int:
        try:
            return read_amount(self.cleaned_data["price"] or "0", self.currency)
        except ValueError:
            raise forms.ValidationError(_("Give an amount such as 12 or 12.50."), code="invalid") from None

    def given(self) -> dict[str, Any]:
        fields = {name: self.cleaned_data[name] for name in (*PLAIN, "per_vial")}
        return fields | {"price_amount": self.cleaned_data["price"]}

    def take(self, problem: Invalid) -> None:
        for one in problem.errors:
            one["field"] = "price" if one["field"] == "price_amount" else one["field"]
        super().take(problem)


class _AtPlaces(ProblemForm):
    """A form with a location to choose; one that is the only one needs no choosing."""

    def __init__(self, data: Any = None, *, places: Iterable[Location], **more: Any) -> None:
        super().__init__(data, **more)
        self.places = {str(one.uid): one for one in places}
        for name in ("location", "target"):
            if name in self.fields:
                field = self.fields[name]
                assert isinstance(field, forms.ChoiceField)
                field.choices = [(uid, one.name) for uid, one in self.places.items()]

    def place(self, name: str = "location") -> Location:
        return self.places[self.cleaned_data[name]]


class ReceiveForm(_AtPlaces):
    product = choice(_("Product"), ())
    number = text(_("Lot number"), missing=_("Type the lot number of the package."), spellcheck="false")
    expires_on = day(_("Expires on"), missing=_("Give the last day on which it may be used."))
    vials = forms.IntegerField(
        label=_("Vials or packages"),
        min_value=1,
        max_value=10_000,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), _("Give a whole number from 1 to 10000.")
        ),
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    location = choice(_("Location"), ())
    note = text(_("Note"), hint=_("Delivery number, condition. Nothing about patients."))

    def __init__(self, data: Any = None, *, products: Iterable[Product], **more: Any) -> None:
        super().__init__(data, **more)
        self.products = {str(one.uid): one for one in products}
        field = self.fields["product"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Choose a product"))] + [
            (uid, f"{one.name} · {write_quantity(one.per_vial)} {one.short_unit}")
            for uid, one in self.products.items()
        ]

    def given(self) -> dict[str, Any]:
        product = self.products[self.cleaned_data["product"]]
        return {
            "product": product,
            "number": self.cleaned_data["number"],
            "expires_on": self.cleaned_data["expires_on"],
            "location": self.place(),
            "quantity": self.cleaned_data["vials"] * product.per_vial,
            "note": self.cleaned_data["note"],
        }

    def take(self, problem: Invalid) -> None:
        for one in problem.errors:
            one["field"] = "vials" if one["field"] == "quantity" else one["field"]
        super().take(problem)


class TransferForm(_AtPlaces):
    location = choice(_("From"), ())
    target = choice(_("To"), ())
    quantity = QuantityField(_("Quantity"))
    note = text(_("Note"))


class WasteForm(_AtPlaces):
    location = choice(_("Location"), ())
    quantity = QuantityField(_("Quantity"))
    reason = choice(_("Why"), [("", _("Choose why")), *WasteReason.choices])
    note = text(_("Note"), hint=_("Nothing about patients."))


class CountForm(_AtPlaces):
    location = choice(_("Location"), ())
    quantity = QuantityField(_("Counted"), hint=_("All that is there, opened vials too."))
    note = text(_("Note"))


class ReturnForm(_AtPlaces):
    location = choice(_("From"), ())
    quantity = QuantityField(_("Quantity"))
    note = text(_("Note"), hint=_("Number of the return, or who collected it."))
