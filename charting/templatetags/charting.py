"""Small filters of the clinical record's templates."""

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def item(found: Mapping[str, Any], key: str) -> Any:
    """What a dict holds under a key that is a variable; nothing where there is none."""
    return found.get(key, "")


@register.filter
def failing(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The questions that came back with an error."""
    return [row for row in rows if row["error"]]
