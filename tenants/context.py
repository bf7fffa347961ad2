"""Entering a clinic: schema, database role, cache prefix and vault context, all at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from django.db import DEFAULT_DB_ALIAS, connection, connections

from core.context import ClinicRef, current_clinic, on_platform
from tenants.models import Clinic
from tenants.names import PUBLIC


class _Schema:
    def __init__(self, schema_name: str) -> None:
        self.schema_name = schema_name


@contextmanager
def enter(clinic: Clinic | ClinicRef, *, role_kind: str = "t") -> Iterator[ClinicRef]:
    """Work inside a clinic; whatever was set before is set again afterwards."""
    ref = clinic.ref if isinstance(clinic, Clinic) else clinic
    with _schema(ref.schema, role_kind):
        token = current_clinic.set(ref)
        try:
            yield ref
        finally:
            current_clinic.reset(token)


@contextmanager
def enter_public() -> Iterator[None]:
    """Work on the platform's own tables, with the platform's own keys; refused inside a clinic's transaction."""
    with _schema(PUBLIC, "t"):
        token, entered = current_clinic.set(None), on_platform.set(True)
        try:
            yield
        finally:
            on_platform.reset(entered)
            current_clinic.reset(token)


@contextmanager
def _schema(name: str, role_kind: str) -> Iterator[None]:
    wrapper = cast(Any, connections[DEFAULT_DB_ALIAS])
    before = wrapper.schema_name, wrapper.role_kind
    wrapper.set_tenant(_Schema(name), role_kind=role_kind)
    try:
        yield
    finally:
        wrapper.set_tenant(_Schema(before[0]), role_kind=before[1])


def current_schema() -> str:
    """The schema this thread's connection serves."""
    return cast(str, cast(Any, connection).schema_name)
