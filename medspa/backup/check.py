"""Whether what was restored is what was backed up: rows, trails, and sealed records that open with the keys."""

from collections.abc import Iterator
from itertools import chain, zip_longest
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models

from audit.verify import Known, verify_chain
from core.problems import Problem
from medspa.backup import census
from medspa.backup.manifest import MAIN, VAULT
from medspa.backup.restore import Restored, open_database
from tenants.classes import models_in
from tenants.context import enter, enter_public
from tenants.models import Clinic, ClinicState
from vault.errors import Damaged, Shredded
from vault.fields import sealed_fields

SAMPLE = 50
PUBLIC = "public"


def examine(restored: Restored, *, gone: list[UUID]) -> dict[str, Any]:
    """The report; `ok` says whether all of it is as it should be. `gone` are clinics whose keys were destroyed."""
    rows = _rows(restored)
    trails = _trails(restored)
    opened, shredded, unopened = _open_records(gone)
    return {
        "ok": not rows and not trails and not unopened,
        "clinics": len(restored.told.clinics),
        "rows": sum(sum(tables.values()) for tables in restored.told.rows[MAIN].values()),
        "row_differences": rows,
        "trails_verified": len(restored.told.heads) - (settings.TEMPLATE_SCHEMA in restored.told.heads),
        "trail_damage": trails,
        "records_opened": opened,
        "records_shredded": shredded,
        "records_unopened": unopened,
        "tombstones_applied": sum(restored.destroyed.values()),
        "clinics_closed": restored.closed,
    }


def _rows(restored: Restored) -> list[str]:
    with open_database(MAIN) as main:
        found = census.differences(restored.told.rows[MAIN], census.count(main))
    if restored.vault_told:
        with open_database(VAULT) as vault:
            found += census.differences(
                restored.vault_told.rows[VAULT], census.count(vault), but=restored.destroyed
            )
    return found


def _trails(restored: Restored) -> list[str]:
    """Each chain, against itself and against where it stood in the backup."""
    damaged = []
    for schema, (seq, head) in restored.told.heads.items():
        if schema == settings.TEMPLATE_SCHEMA:
            continue
        known = [Known(seq, bytes.fromhex(head))]
        if schema == PUBLIC:
            with enter_public():
                found = verify_chain(known)
        else:
            with enter(_clinic(schema)):
                found = verify_chain(known)
        damaged += [f"{schema}: {damage}" for damage in found]
    return damaged


def _clinic(schema: str) -> Clinic:
    with enter_public():
        return Clinic.objects.get(schema_name=schema)


def _open_records(gone: list[UUID]) -> tuple[int, int, list[str]]:
    """Up to 50 sealed records, taken in turn from every clinic and table, with the clinic's own role."""
    with enter_public():
        clinics = list(
            Clinic.objects.exclude(state=ClinicState.REQUESTED).exclude(uid__in=gone).order_by("schema_name")
        )
    opened, shredded, unopened = 0, 0, []
    for clinic, model, pk in _sample(clinics):
        if opened >= SAMPLE:
            break
        with enter(clinic):
            try:
                opened += _opens(model, pk)
            except Shredded:
                shredded += 1
            except (Damaged, Problem) as problem:
                unopened.append(f"{clinic.schema_name}.{model._meta.db_table}: {type(problem).__name__}")
    return opened, shredded, unopened


def _opens(model: type[models.Model], pk: Any) -> bool:
    """True when every sealed field of the row that holds something gave it."""
    row = model._default_manager.get(pk=pk)
    values = [getattr(row, field.attname) for field in sealed_fields(model)]
    return any(value is not None for value in values)


def _sample(clinics: list[Clinic]) -> Iterator[tuple[Clinic, type[models.Model], Any]]:
    sealed = [model for model in models_in(settings.TENANT_APPS) if sealed_fields(model)]
    queues = []
    for clinic in clinics:
        with enter(clinic):
            for model in sealed:
                keys = list(model._default_manager.order_by("-pk").values_list("pk", flat=True)[: SAMPLE * 2])
                queues.append([(clinic, model, pk) for pk in keys])
    return (one for one in chain.from_iterable(zip_longest(*queues)) if one is not None)
