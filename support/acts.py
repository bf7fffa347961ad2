"""What can be done on a page of the admin: a form, the right it needs, and the action that does and records it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django import forms
from django.utils.functional import Promise

from audit.actors import Actor
from core.forms import ProblemForm

Text = str | Promise


class NothingToFill(ProblemForm):
    """Only a button."""


@dataclass(frozen=True)
class Asked:
    """An act as it was asked for: on what, with what, by whom and when."""

    row: Any
    data: dict[str, Any]
    by: Actor
    at: datetime


@dataclass(frozen=True)
class Act:
    """`run` gives the row to show afterwards, or nothing for the same one. `of_one`: on a row, not on the list.

    `sensitive`: it asks to confirm that it is you, unless that was shown lately.
    """

    name: str
    permission: str
    title: Text
    text: Text
    button: Text
    run: Callable[[Asked], Any]
    done: Text
    form: type[ProblemForm] = NothingToFill
    offered: Callable[[Any], bool] = field(default=lambda row: True)
    of_one: bool = True
    danger: bool = False
    sensitive: bool = True

    @property
    def secrets(self) -> frozenset[str]:
        """The fields that no page repeats."""
        fields = self.form.base_fields
        return frozenset(
            name for name, each in fields.items() if isinstance(each.widget, forms.PasswordInput)
        )
