"""`migrate` for a house with three kinds of schema and a second instance.

In order: the public schema, the vault's database, the template schema (then rendered to SQL), and every clinic that
is behind. A digest of the migration files says in one query whether there is anything to do.
"""

from typing import Any, cast

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError, CommandParser
from django.core.management.commands.migrate import Command as DjangoMigrate
from django.db import connections

from tenants import provisioning, template
from tenants.backend.features import OLDEST
from tenants.grants import clinic_grants_sql, drop_support_views_sql, public_grants_sql
from tenants.models import Clinic, ClinicState, SchemaTemplate
from tenants.names import PUBLIC
from vault.keys import create_platform_keys

OWNER = "owner"
VAULT = "vault"


def version_of(alias: str) -> int:
    """Of the server behind it, such as 160004."""
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int")
        return int(cursor.fetchone()[0])


def refuse_old_server(version: int, variable: str) -> None:
    """In words, before anything is tried: the first statement that an old server does not know says nothing of it."""
    if version // 10_000 < OLDEST:
        raise CommandError(
            f"{variable} leads to PostgreSQL {version // 10_000}; {OLDEST} or newer is needed. Upgrade that server first."
        )


class Command(DjangoMigrate):
    requires_system_checks = []  # they need the URL maps, and a deployment runs them by themselves
    help = "Bring the public schema, the vault, the template and every clinic that is behind up to date."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--force", action="store_true", help="Do every step, whatever the digest says.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["app_label"] or options["plan"] or options["check_unapplied"]:
            raise CommandError(
                "Plans and single apps: use `sqlmigrate` and `showmigrations --database owner`."
            )
        if OWNER not in connections.databases:
            raise CommandError("OWNER_DATABASE_URL is not set; migrations run as the owner of the tables.")
        for alias, variable in ((OWNER, "OWNER_DATABASE_URL"), (VAULT, "VAULT_DATABASE_URL")):
            refuse_old_server(version_of(alias), variable)
        self.force = bool(options["force"])
        self.verbosity = options["verbosity"]
        digest = template.migrations_digest()
        if self.force or not self._is_current(digest):
            self._migrate_house(digest)
        open_ones = Clinic.objects.using(OWNER).filter(state__in=[ClinicState.ACTIVE, ClinicState.SUSPENDED])
        behind = open_ones.exclude(migrations=digest)
        for clinic in behind.iterator():
            self._migrate_clinic(clinic, digest)
        self._say("Up to date.")

    def _is_current(self, digest: str) -> bool:
        """Both instances have been brought to what the code wants."""
        with connections[OWNER].cursor() as cursor:
            cursor.execute("SELECT to_regclass('public.tenants_schematemplate') IS NOT NULL")
            if not cursor.fetchone()[0]:
                return False
        with connections[VAULT].cursor() as cursor:
            cursor.execute("SELECT to_regclass('public.vault_subjectkey') IS NOT NULL")
            if not cursor.fetchone()[0]:
                return False
        return SchemaTemplate.objects.using(OWNER).filter(digest=digest).exists()

    def _migrate_house(self, digest: str) -> None:
        self._say("The public schema …")
        self._step(OWNER, PUBLIC)
        provisioning.run_script(public_grants_sql())
        self._say("The vault …")
        self._step(VAULT)
        create_platform_keys()
        self._say("The template of a clinic …")
        provisioning.run_script(f'CREATE SCHEMA IF NOT EXISTS "{settings.TEMPLATE_SCHEMA}"')
        self._step(OWNER, settings.TEMPLATE_SCHEMA)
        template.save_template(digest)

    def _migrate_clinic(self, clinic: Clinic, digest: str) -> None:
        self._say(f"Clinic {clinic.slug} …")
        provisioning.run_script(drop_support_views_sql(clinic.schema_name))
        self._step(OWNER, clinic.schema_name)
        provisioning.run_script(clinic_grants_sql(clinic.schema_name))
        Clinic.objects.using(OWNER).filter(pk=clinic.pk).update(migrations=digest)

    def _step(self, alias: str, schema: str | None = None) -> None:
        wrapper = cast(Any, connections[alias])
        if schema:
            wrapper.set_schema(schema, include_public=False)
        try:
            call_command(DjangoMigrate(), database=alias, verbosity=0, interactive=False, skip_checks=True)
        finally:
            if schema:
                wrapper.set_schema_to_public()

    def _say(self, text: str) -> None:
        if self.verbosity:
            self.stdout.write(text)
            self.stdout.flush()
