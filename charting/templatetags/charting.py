"""Small filters of the clinical record's templates."""

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def item(found: Mapping[str, Any], key: str) -> Any:
    """What a dict holds under a key that is a variable; nothing where there is none."""
    return found.get(key, "")
