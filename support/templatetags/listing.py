"""The rows of a list of the admin, each value with its label: on a phone a row is a block, not a line to scroll."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import template
from django.contrib.admin.utils import display_for_field, display_for_value, label_for_field, lookup_field
from django.contrib.admin.views.main import ChangeList
from django.db.models import ForeignKey, Model
from django.utils.html import format_html

register = template.Library()


@dataclass(frozen=True)
class Cell:
    """One value of a row; the first leads to the row's page."""

    label: str
    text: Any
    url: str = ""


@register.simple_tag
def labelled_rows(cl: ChangeList) -> list[list[Cell]]:
    return [list(_cells(cl, row)) for row in cl.result_list]


def _cells(cl: ChangeList, row: Model) -> Iterator[Cell]:
    for number, name in enumerate(cl.list_display):
        label = str(label_for_field(name, cl.model, cl.model_admin))
        url = cl.url_for_result(row) if number == 0 else ""
        yield Cell(label, _text(cl, row, name), url)


def _text(cl: ChangeList, row: Model, name: Any) -> Any:
    field, _, value = lookup_field(name, row, cl.model_admin)
    empty = cl.model_admin.get_empty_value_display()
    if value is None or value == "":
        return empty
    if isinstance(value, datetime):
        shown = display_for_value(value, empty)
        return format_html('<time datetime="{}">{}</time>', value.isoformat(), shown)  # one line, never two
    if field is None:
        return display_for_value(value, empty)
    if isinstance(field, ForeignKey):
        return getattr(row, field.name) or empty
    return display_for_field(value, field, empty)
