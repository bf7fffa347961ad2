"""How a row of this app is filled and checked: named fields only, every failure at once."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from core.problems import Failure, Invalid, failure
from core.text import TextProblem, clean_text

Check = Callable[[Any], list[Failure]]


def fill(
    row: models.Model, fields: dict[str, Any], allowed: frozenset[str], *, check: Check | None = None
) -> list[str]:
    """Set the fields, check the whole row, save it. Returns the names of what changed.

    `check` sees the row as it would be and names fields where the database could only name a constraint.
    """
    unknown = set(fields) - allowed
    if unknown:
        raise TypeError(f"{row._meta.label} has no writable {', '.join(sorted(unknown))}")
    failures: list[Failure] = []
    before = {name: getattr(row, name, None) for name in fields}
    for name, value in fields.items():
        setattr(row, name, _cleaned(row, name, value, failures))
    own = {field.name for field in row._meta.fields} - allowed
    failures += _check(row, exclude=own | {one["field"] for one in failures})
    if check and (found := check(row)):
        failures = [one for one in failures if one["field"]] + found
    if failures:
        raise Invalid(errors=failures)
    row.save()
    return sorted(name for name in fields if before[name] != getattr(row, name))


def _cleaned(row: models.Model, name: str, value: Any, failures: list[Failure]) -> Any:
    field = row._meta.get_field(name)
    if not isinstance(value, str) or not isinstance(field, models.CharField | models.TextField):
        return value
    multiline = isinstance(field, models.TextField)
    try:
        return clean_text(value, field.max_length or 5000, multiline=multiline)
    except TextProblem as problem:
        failures.append(failure(name, problem.code, problem.message))
        return value


def _check(row: models.Model, exclude: set[str]) -> list[Failure]:
    try:
        row.full_clean(exclude=exclude)
    except ValidationError as error:
        return [
            failure("" if name == "__all__" else name, str(one.code or "invalid"), message)
            for name, errors in error.error_dict.items()
            for one in errors
            for message in one.messages
        ]
    return []
