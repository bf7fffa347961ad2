"""The template schema, and the SQL that it is rendered to.

A new clinic is not migrated but written in one go from that SQL, some thirty times faster. What a clinic has been
brought to is a digest of the migration files, so one query finds the clinics that are behind.
"""

import hashlib
import subprocess

from django.conf import settings
from django.db.migrations.loader import MigrationLoader

from tenants import programs
from tenants.grants import clinic_grants_sql, roles_sql, schema_sql
from tenants.models import SchemaTemplate
from tenants.names import check_schema_name


def migrations_digest() -> str:
    """A digest of every migration file that the code brings, and of the rights it wants."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    digest = hashlib.sha256()
    for app, name in sorted(loader.disk_migrations):
        digest.update(f"{app}.{name}\n".encode())
    digest.update(clinic_grants_sql("x").encode())
    return digest.hexdigest()


def dump_template() -> str:
    """The template schema as SQL, without owners, rights or psql's own commands."""
    where, env = programs.connection("owner")
    command = [
        programs.find("pg_dump"),
        *("--schema", settings.TEMPLATE_SCHEMA),
        "--no-owner",
        "--no-privileges",
        "--rows-per-insert=500",
        *("--dbname", where),
    ]
    text = subprocess.run(command, env=env, check=True, capture_output=True, text=True).stdout
    return "\n".join(line for line in text.splitlines() if line and not line.startswith(("\\", "--")))


def save_template(digest: str) -> SchemaTemplate:
    """Render the migrated template schema and keep the SQL for the provisioning."""
    SchemaTemplate.objects.using("owner").all().delete()
    return SchemaTemplate.objects.using("owner").create(digest=digest, sql=dump_template())


def current_template() -> SchemaTemplate:
    template = SchemaTemplate.objects.using("owner").order_by("-made_at").first()
    if template is None:
        raise RuntimeError("There is no schema template yet: run `manage.py migrate` first.")
    return template


def clinic_sql(template: SchemaTemplate, schema: str) -> str:
    """Roles, schema, tables and rights of a new clinic: one script, for one transaction."""
    check_schema_name(schema)
    create = f"CREATE SCHEMA {settings.TEMPLATE_SCHEMA};"
    tables = template.sql.replace(create, "").replace(settings.TEMPLATE_SCHEMA, schema)
    return "\n".join([roles_sql(schema), schema_sql(schema), tables, "RESET ALL;", clinic_grants_sql(schema)])
