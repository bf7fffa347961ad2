"""Sealed fields: clear text in memory, a token in the database, opened when somebody reads.

- NULL stays NULL. The empty string is sealed like any text, so every value in the column is a token.
- What was assigned is sealed anew at each save; what was loaded and not changed is written back as it was.
- A query never carries clear text: no lookups but isnull, no update(), and values() yields opaque Tokens.
- A model says whose text it is by `sealing_subject()`: a subject's uid, or None for the clinic's own.
- The row is the model's `uid` (or a UUID primary key): a token does not move to another row by copying.
"""

import json
from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.core import checks
from django.db import models
from django.db.models.query_utils import DeferredAttribute
from django.utils.functional import Promise

from vault import keys, tokens
from vault.sealing import open_bytes, seal_bytes
from vault.tags import registered


class Token:
    """A sealed value as it lies in the database: safe to hold, to log and to pass on, for it says nothing."""

    __slots__ = ("_raw",)

    def __init__(self, raw: bytes) -> None:
        self._raw = raw

    @property
    def key_id(self) -> UUID:
        return tokens.key_id_of(self._raw)

    def __bytes__(self) -> bytes:
        return self._raw

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Token) and other._raw == self._raw

    def __hash__(self) -> int:
        return hash(self._raw)

    def __repr__(self) -> str:
        return "<sealed>"


class _Cell:
    """What an instance holds for one field: a token, its opened value, or a value not sealed yet."""

    __slots__ = ("plain", "token", "value")

    def __init__(self, token: Token | None, value: Any = None) -> None:
        self.token = token
        self.value = value
        # The bytes the value was opened from: they tell whether it was changed in place.
        self.plain: bytes | None = None

    @property
    def waiting(self) -> bool:
        return self.token is not None and self.plain is None

    def __repr__(self) -> str:
        return "<sealed>"

    def __deepcopy__(self, memo: dict[int, Any]) -> "_Cell":
        return self

    def __reduce__(self) -> tuple[type["_Cell"], tuple[Token]]:
        if self.token is None:
            raise TypeError("clear text does not travel; save it first")
        return _Cell, (self.token,)


class SealedAttribute(DeferredAttribute):
    """The attribute on the model: opens on reading, remembers for this instance only."""

    field: "SealedField"

    def __get__(self, instance: models.Model | None, cls: type[models.Model] | None = None) -> Any:
        if instance is None:
            return self
        cell = self.cell(instance)
        if cell is None:
            return None
        if cell.waiting and cell.token is not None:
            cell.plain = self.field.opened(cell.token, row=row_of(instance))
            cell.value = self.field.decode(cell.plain)
        return cell.value

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = self._cell_for(value)

    def _cell_for(self, value: Any) -> _Cell | None:
        if value is None:
            return None
        if isinstance(value, Token):
            return _Cell(value)
        return _Cell(None, self.field.checked(value))

    def cell(self, instance: models.Model) -> _Cell | None:
        if self.field.attname not in instance.__dict__:
            self.__set__(instance, self._fetch(instance))
        held: _Cell | None = instance.__dict__[self.field.attname]
        return held

    def _fetch(self, instance: models.Model) -> Token | None:
        """A deferred token, without opening it: refresh_from_db() would read, and so open, the others."""
        if instance.pk is None:
            raise AttributeError(f"{self.field.attname} was not given, and the row is not stored yet")
        rows = type(instance)._base_manager.db_manager(instance._state.db).filter(pk=instance.pk)
        token: Token | None = rows.values_list(self.field.attname, flat=True).get()
        return token


class SealedField(models.BinaryField):
    """The base of all sealed fields; a kind of value each below."""

    _pyi_private_set_type: Any
    _pyi_private_get_type: Any
    descriptor_class = SealedAttribute
    empty_strings_allowed = False

    def __init__(self, *args: Any, tag: str, **kwargs: Any) -> None:
        self.tag = registered(tag)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "tag": self.tag}

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        return [*super().check(**kwargs), *self._check_model()]

    def _check_model(self) -> list[checks.CheckMessage]:
        if hasattr(self.model, "sealing_subject"):
            return []
        return [
            checks.Error("A model with sealed fields needs sealing_subject().", obj=self, id="vault.E002")
        ]

    def _check_str_default_value(self) -> list[checks.CheckMessage]:
        return []

    def get_default(self) -> Any:
        return models.Field.get_default(self)

    # --- the value ---

    def checked(self, value: Any) -> Any:
        """The value, if the field can hold it; TypeError otherwise."""
        raise NotImplementedError

    def encode(self, value: Any) -> bytes:
        raise NotImplementedError

    def decode(self, plain: bytes) -> Any:
        raise NotImplementedError

    def opened(self, token: Token, *, row: UUID) -> bytes:
        """What the token of this field and row holds, as it was encoded."""
        return open_bytes(bytes(token), tag=self.tag, row=row)

    def to_python(self, value: Any) -> Any:
        return value

    # --- to and from the database ---

    def pre_save(self, model_instance: models.Model, add: bool) -> Token | None:
        attribute: SealedAttribute = getattr(type(model_instance), self.attname)
        cell = attribute.cell(model_instance)
        if cell is None:
            return None
        # A new row never takes over a token as it is: it would be bound to the row it was copied from.
        if cell.token is not None and not add and not self._changed(cell):
            return cell.token
        plain = self.encode(attribute.__get__(model_instance))
        return Token(
            seal_bytes(plain, tag=self.tag, row=row_of(model_instance), subject=subject_of(model_instance))
        )

    def _changed(self, cell: _Cell) -> bool:
        return cell.plain is not None and self.encode(cell.value) != cell.plain

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Token | None:
        return None if value is None else Token(bytes(value))

    def get_prep_value(self, value: Any) -> bytes | None:
        if value is None:
            return None
        if not isinstance(value, Token):
            raise TypeError(f"{self.name} is sealed: only an instance's save() writes it")
        return bytes(value)

    def get_lookup(self, lookup_name: str) -> Any:
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None

    def value_to_string(self, obj: models.Model) -> str:
        raise TypeError(f"{self.name} is sealed: it is exported by privacy, not by serializers")


class SealedTextField(SealedField):
    _pyi_private_set_type: str
    _pyi_private_get_type: str
    empty_strings_allowed = True
    empty_values = [None, ""]

    def checked(self, value: Any) -> str:
        if isinstance(value, Promise):
            value = str(value)
        if not isinstance(value, str):
            raise TypeError(f"{self.name} holds text")
        return value

    def encode(self, value: Any) -> bytes:
        return str(value).encode()

    def decode(self, plain: bytes) -> str:
        return plain.decode()


class SealedDateField(SealedField):
    _pyi_private_set_type: date
    _pyi_private_get_type: date

    def checked(self, value: Any) -> date:
        if not isinstance(value, date) or isinstance(value, datetime):
            raise TypeError(f"{self.name} holds a date")
        return value

    def encode(self, value: date) -> bytes:
        return value.isoformat().encode("ascii")

    def decode(self, plain: bytes) -> date:
        return date.fromisoformat(plain.decode("ascii"))


class SealedJSONField(SealedField):
    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def checked(self, value: Any) -> Any:
        self.encode(value)
        return value

    def encode(self, value: Any) -> bytes:
        return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()

    def decode(self, plain: bytes) -> Any:
        return json.loads(plain)


def row_of(instance: models.Model) -> UUID:
    """What the row's tokens are bound to: made by the application, so it is there before the INSERT."""
    row = getattr(instance, "uid", instance.pk)
    if not isinstance(row, UUID):
        raise TypeError("a sealed row is named by a UUID")
    return row


def subject_of(instance: Any) -> UUID | None:
    subject: UUID | None = instance.sealing_subject()
    return subject


@cache
def sealed_fields(model: type[models.Model]) -> tuple[SealedField, ...]:
    return tuple(field for field in model._meta.concrete_fields if isinstance(field, SealedField))


def warm_rows(rows: Iterable[models.Model], *attrs: str) -> None:
    """Fetch the keys of all tokens of the rows that wait to be opened, in one query."""
    key_ids: set[UUID] = set()
    for row in rows:
        for field in sealed_fields(type(row)):
            cell = row.__dict__.get(field.attname)
            if (not attrs or field.attname in attrs) and isinstance(cell, _Cell) and cell.waiting:
                key_ids.add(tokens.key_id_of(bytes(cell.token or b"")))
    if key_ids:
        keys.warm(key_ids)
