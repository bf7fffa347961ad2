"""A service and its heading, as the clinic writes them down."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import ProblemForm
from core.problems import Invalid
from practice.forms.fields import choice, long_text, text, whole_number
from practice.models import Device, Provider, Room, Service, ServiceCategory
from practice.offer import read_amount, write_amount

NUMBERS: Final = (
    *("duration_minutes", "buffer_before", "buffer_after"),
    *("processing_start", "processing_minutes", "min_age"),
)
PLAIN: Final = ("name", "description", *NUMBERS, "room_kind", "device_kind", "online")
AMOUNTS: Final = {"price": "price_amount", "deposit": "deposit_amount"}


def amount(label: Any, hint: Any = "") -> forms.CharField:
    return text(label, hint=hint, inputmode="decimal")


class ServiceForm(ProblemForm):
    name = text(_("Name"), missing=_("Enter the name patients will read."))
    category = choice(_("Heading"), (), required=False)
    new_category = text(_("Or a new heading"))
    description = long_text(_("Description"), rows=3, hint=_("One or two sentences, shown when booking."))
    duration_minutes = whole_number(_("Duration, minutes"), least=5, most=720)
    price = amount(_("Price"), _("0 where it is free or agreed on site."))
    deposit = amount(_("Deposit"))
    buffer_before = whole_number(_("Buffer before, minutes"), most=120, hint=_("To prepare the room."))
    buffer_after = whole_number(_("Buffer after, minutes"), most=120, hint=_("To clean up and write notes."))
    processing_start = whole_number(
        _("Gap begins after, minutes"),
        most=720,
        hint=_("While a mask works, the provider may see somebody else."),
    )
    processing_minutes = whole_number(_("Gap lasts, minutes"), most=720, hint=_("0 for no gap."))
    room_kind = choice(_("Room it needs"), (), required=False)
    device_kind = choice(_("Device it needs"), (), required=False)
    min_age = whole_number(_("Minimum age"), most=120)
    online = forms.BooleanField(label=_("Patients can book it online"), required=False)
    providers = forms.MultipleChoiceField(
        label=_("Who gives it"),
        required=False,
        error_messages={"invalid_choice": _("Choose from the list.")},
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: Any = None, *, service: Service | None, currency: str) -> None:
        self.currency = service.currency if service else currency
        super().__init__(data, initial=_initial(service, self.currency))
        self.categories = {str(one.uid): one for one in ServiceCategory.objects.all()}
        self.people = {str(one.uid): one for one in Provider.objects.in_use()}
        options = [(uid, one.name) for uid, one in self.categories.items()]
        self._offer("category", [("", _("Choose a heading")), *options])
        self._offer("providers", [(uid, one.name) for uid, one in self.people.items()])
        rooms = set(Room.objects.in_use().values_list("kind", flat=True))
        devices = set(Device.objects.in_use().values_list("kind", flat=True))
        rooms |= {service.room_kind} - {""} if service else set()
        devices |= {service.device_kind} - {""} if service else set()
        self._offer("room_kind", [("", _("No room")), *((kind, kind) for kind in sorted(rooms))])
        self._offer("device_kind", [("", _("No device")), *((kind, kind) for kind in sorted(devices))])

    def clean(self) -> None:
        given = self.cleaned_data
        if not given.get("category") and not given.get("new_category") and "category" not in self.errors:
            self.add_error("category", _("Choose a heading, or type a new one."))

    def clean_price(self) -> int:
        return self._amount("price")

    def clean_deposit(self) -> int:
        return self._amount("deposit")

    def given(self) -> dict[str, Any]:
        fields = {name: self.cleaned_data[name] for name in PLAIN}
        return fields | {stored: self.cleaned_data[typed] for typed, stored in AMOUNTS.items()}

    def category_chosen(self) -> ServiceCategory | None:
        """The heading of the list; None where a new one was typed."""
        return None if self.cleaned_data["new_category"] else self.categories[self.cleaned_data["category"]]

    def providers_chosen(self) -> list[Provider]:
        return [self.people[uid] for uid in self.cleaned_data["providers"]]

    def take(self, problem: Invalid) -> None:
        typed = {stored: name for name, stored in AMOUNTS.items()}
        for one in problem.errors:
            one["field"] = typed.get(one["field"], one["field"])
        super().take(problem)

    def _amount(self, name: str) -> int:
        try:
            return read_amount(self.cleaned_data[name] or "0", self.currency)
        except ValueError:
            raise forms.ValidationError(_("Give an amount such as 180 or 180.50."), code="invalid") from None

    def _offer(self, name: str, options: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = options


def _initial(service: Service | None, currency: str) -> dict[str, Any]:
    if service is None:
        new = Service(duration_minutes=30, currency=currency)
        return {name: getattr(new, name) for name in PLAIN} | {"price": "0", "deposit": "0"}
    initial = {name: getattr(service, name) for name in PLAIN}
    initial |= {typed: write_amount(getattr(service, stored), currency) for typed, stored in AMOUNTS.items()}
    initial["category"] = str(service.category.uid)
    initial["providers"] = [str(uid) for uid in service.providers.values_list("uid", flat=True)]
    return initial


class CategoryForm(ProblemForm):
    name = text(_("Name"), missing=_("Enter a heading, such as Injectables."))
    position = whole_number(_("Place"), hint=_("Lower numbers stand further up."))
