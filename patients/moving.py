"""The rows of a person, moved to another record and back: every table that points to a person, whoever owns it.

The model graph is the list, so that a table added tomorrow is not forgotten. What is only ever added (append-only) stays:
the application's role could not change it, and should not. What the database holds fast stays too, such as a second
membership of the same care team; `left` says so.
"""

from collections.abc import Iterator
from typing import Any, Final

from django.db import DataError, IntegrityError, InternalError, ProgrammingError, models, transaction

from core.tables import TableClass
from patients.models import ContactPoint, Merge, NameToken, Person

HELD_FAST: Final = (IntegrityError, InternalError, ProgrammingError, DataError)
ONLY_ADDED: Final = (TableClass.APPEND_ONLY, TableClass.CLINICAL_APPEND_ONLY)
# Written anew, or moved with a rule of their own.
APART: Final[tuple[type[models.Model], ...]] = (Person, Merge, NameToken, ContactPoint)
Rows = dict[str, list[Any]]


def tables() -> Iterator[tuple[type[models.Model], str]]:
    """Each table with a column that says whose the row is, of those whose rows may change."""
    relations: list[Any] = Person._meta.get_fields(include_hidden=True)
    for relation in relations:
        if not (
            relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one)
        ):
            continue
        model: Any = relation.related_model
        if model in APART or model._meta.proxy or model.table_class in ONLY_ADDED:
            continue
        yield model, relation.field.name


def move(source: Person, target: Person) -> tuple[Rows, Rows]:
    """All rows of `source` become rows of `target`; says which did, and which could not."""
    moved: Rows = {}
    left: Rows = {}
    for model, field in tables():
        ids = list(model._base_manager.filter(**{field: source}).order_by("pk").values_list("pk", flat=True))
        if not ids:
            continue
        went = _point(model, field, ids, target)
        name = f"{model._meta.label_lower}.{field}"
        if went:
            moved[name] = _plain(went)
        if stayed := set(ids) - set(went):
            left[name] = _plain(sorted(stayed))
    return moved, left


def move_back(moved: Rows, source: Person, target: Person) -> None:
    """The rows named go from `target` to `source` again; those that are elsewhere by now are not touched."""
    for model, field in tables():
        ids = moved.get(f"{model._meta.label_lower}.{field}", [])
        here = model._base_manager.filter(pk__in=ids, **{field: target}).values_list("pk", flat=True)
        _point(model, field, list(here), source)


def _point(model: type[models.Model], field: str, ids: list[Any], to: Person) -> list[Any]:
    """All at once; one by one where one of them is held fast."""
    rows = model._base_manager.filter(pk__in=ids)
    try:
        with transaction.atomic():
            rows.update(**{field: to})
    except HELD_FAST:
        return [each for each in ids if _point_one(model, field, each, to)]
    return ids


def _point_one(model: type[models.Model], field: str, pk: Any, to: Person) -> bool:
    try:
        with transaction.atomic():
            return bool(model._base_manager.filter(pk=pk).update(**{field: to}))
    except HELD_FAST:
        return False


def _plain(ids: list[Any]) -> list[Any]:
    """As JSON holds them."""
    return [each if isinstance(each, int) else str(each) for each in ids]
