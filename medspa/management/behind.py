"""Whether `migrate` would find anything to do, asked without starting a process for it."""

import psycopg

from tenants.models import Clinic, ClinicState, SchemaTemplate
from tenants.template import migrations_digest

_MAIN = f"""
    SELECT EXISTS (SELECT FROM public.{SchemaTemplate._meta.db_table} WHERE digest = %(digest)s)
       AND NOT EXISTS (
           SELECT FROM public.{Clinic._meta.db_table} WHERE state = ANY(%(open)s) AND migrations <> %(digest)s
       )
"""  # noqa: S608 - table names of our own models
_VAULT = "SELECT to_regclass('public.vault_subjectkey') IS NOT NULL"


def is_behind(owner_url: str, vault_url: str) -> bool:
    """True when either instance, or any clinic, lacks a migration of this code."""
    asked = {"digest": migrations_digest(), "open": [ClinicState.ACTIVE.value, ClinicState.SUSPENDED.value]}
    with psycopg.connect(owner_url) as main, psycopg.connect(vault_url) as vault:
        try:
            current = main.execute(_MAIN.encode(), asked).fetchone()
        except psycopg.errors.UndefinedTable:
            return True
        has_keys = vault.execute(_VAULT).fetchone()
    return (current, has_keys) != ((True,), (True,))
