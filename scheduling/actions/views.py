"""A person's own views of the calendar: saved under a name, and forgotten again."""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.actors import Actor
from audit.trail import record
from core.problems import Invalid, failure
from core.text import TextProblem, clean_text
from scheduling.models import SavedView

LONGEST_NAME: Final = 60
LONGEST_QUERY: Final = 2000
MOST: Final = 30


@transaction.atomic
def save_view(user: User, *, name: str, is_week: bool, query: str, by: Actor, at: datetime) -> SavedView:
    """Under a name that was there before, it takes the place of what was saved."""
    name = _read_name(name)
    if len(query) > LONGEST_QUERY:
        raise Invalid(errors=[failure("name", "too_much", _("This names too much to be saved."))])
    others = SavedView.objects.filter(user=user).exclude(name=name)
    if others.count() >= MOST:
        message = _("You have %(count)d saved views. Delete one first.") % {"count": MOST}
        raise Invalid(errors=[failure("name", "too_many", message)])
    view, _made = SavedView.objects.update_or_create(
        user=user,
        name=name,
        defaults={"is_week": is_week, "query": query},
        create_defaults={"is_week": is_week, "query": query, "created_at": at},
    )
    record("calendar_view.saved", by=by, on=view)
    return view


@transaction.atomic
def forget_view(view: SavedView, *, by: Actor) -> None:
    record("calendar_view.deleted", by=by, on=view)
    view.delete()


def _read_name(name: str) -> str:
    try:
        name = clean_text(name, LONGEST_NAME)
    except TextProblem as problem:
        raise Invalid(errors=[failure("name", problem.code, problem.message)]) from problem
    if not name:
        raise Invalid(errors=[failure("name", "missing", _("Give the view a name."))])
    return name
