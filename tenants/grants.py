"""The rights of the database roles, as SQL, by table class. Nothing else grants anything.

A clinic's schema has three roles: `t_` (the clinic's own), `n_` (no clinical table; marketing and insights) and
`s_` (support; only views that are empty unless a support grant is live). Default privileges give new tables SELECT
and INSERT; UPDATE and DELETE follow by class in the same migration.
"""

from collections.abc import Iterable

from core.tables import Holder, TableClass
from tenants.classes import Declaration, clinic_tables, public_tables
from tenants.names import BASE_ROLE, LOGIN_ROLE, PUBLIC_ROLE, ROLE_KINDS, role_for

RIGHTS = {
    TableClass.ORDINARY: "SELECT, INSERT, UPDATE, DELETE",
    TableClass.CLINICAL: "SELECT, INSERT, UPDATE, DELETE",
    TableClass.APPEND_ONLY: "SELECT, INSERT",
    TableClass.CLINICAL_APPEND_ONLY: "SELECT, INSERT",
    TableClass.DERIVED: "SELECT",
}
NONCLINICAL_RIGHTS = {
    TableClass.ORDINARY: "SELECT",
    TableClass.APPEND_ONLY: "SELECT, INSERT",
    TableClass.DERIVED: "SELECT",
}
# Shared tables that carry a clinic's key, and how a clinic's role recognises its own rows.
ROW_SECURED = {
    "tenants_due": "schema",
    "tenants_provideraccount": "(SELECT c.schema_name FROM public.tenants_clinic c WHERE c.uid = clinic_id)",
}


def roles_sql(schema: str) -> str:
    """The clinic's three roles; the login may take the first two and, for support, the third."""
    lines = []
    for kind in ROLE_KINDS:
        role = role_for(schema, kind)
        lines.append(f'CREATE ROLE "{role}" NOLOGIN;')
    return "\n".join([*lines, membership_sql(schema)])


def membership_sql(schema: str) -> str:
    """Who may take the clinic's roles, and what two of them may besides. Can be run again."""
    lines = [f'GRANT "{role_for(schema, kind)}" TO {LOGIN_ROLE};' for kind in ROLE_KINDS]
    lines += [f'GRANT {BASE_ROLE} TO "{role_for(schema, kind)}";' for kind in ("t", "n")]
    return "\n".join(lines)


def schema_sql(schema: str) -> str:
    """An empty schema whose future tables open to the clinic's own role for reading and adding only."""
    own = role_for(schema)
    return "\n".join(
        [
            f'CREATE SCHEMA "{schema}";',
            *[f'GRANT USAGE ON SCHEMA "{schema}" TO "{role_for(schema, kind)}";' for kind in ROLE_KINDS],
            f'ALTER DEFAULT PRIVILEGES IN SCHEMA "{schema}" GRANT SELECT, INSERT ON TABLES TO "{own}";',
            f'ALTER DEFAULT PRIVILEGES IN SCHEMA "{schema}" REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;',
        ]
    )


def clinic_grants_sql(schema: str) -> str:
    """Rights by class for every table of the clinic, and support's views. Can be run again."""
    own, other, support = (role_for(schema, kind) for kind in ROLE_KINDS)
    lines = [
        f'CREATE OR REPLACE FUNCTION "{schema}".support_grant_live() RETURNS boolean LANGUAGE sql STABLE'
        f" SECURITY DEFINER SET search_path = \"{schema}\", pg_temp AS 'SELECT false';",
        f'GRANT EXECUTE ON FUNCTION "{schema}".support_grant_live() TO "{support}";',
    ]
    tables = clinic_tables()
    lines += _grants(schema, own, tables, RIGHTS)
    lines += _grants(schema, other, tables, NONCLINICAL_RIGHTS)
    for one in support_tables(tables):
        view = f'"{schema}"."{support_view(one)}"'
        lines += [
            f"DROP VIEW IF EXISTS {view};",
            # Names of ours, checked: nothing in it comes from outside.
            f'CREATE VIEW {view} WITH (security_barrier) AS SELECT * FROM "{schema}"."{one.table}"'  # noqa: S608
            f' WHERE "{schema}".support_grant_live();',
            f'REVOKE ALL ON {view} FROM "{own}";',
            f'GRANT SELECT ON {view} TO "{support}";',
        ]
    return "\n".join(lines)


def drop_support_views_sql(schema: str) -> str:
    """Before a migration: a view would stand in the way of the table's changes."""
    names = [
        f'DROP VIEW IF EXISTS "{schema}"."{support_view(one)}";' for one in support_tables(clinic_tables())
    ]
    return "\n".join(names)


def support_tables(tables: Iterable[Declaration]) -> list[Declaration]:
    return [one for one in tables if one.holder is Holder.PATIENT]


def support_view(one: Declaration) -> str:
    return f"support_{one.table}"


def public_grants_sql() -> str:
    """Rights in the public schema, and row security on its tables that carry a clinic's key."""
    lines = [
        f"GRANT USAGE ON SCHEMA public TO {PUBLIC_ROLE}, {BASE_ROLE};",
        *_grants("public", PUBLIC_ROLE, public_tables(), RIGHTS),
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON public.tenants_due TO {BASE_ROLE};",
        f"GRANT SELECT ON public.tenants_provideraccount TO {BASE_ROLE};",
        f"GRANT SELECT (uid, schema_name) ON public.tenants_clinic TO {BASE_ROLE};",
    ]
    for table, schema in ROW_SECURED.items():
        own = f"current_user IN ('t_' || {schema}, 'n_' || {schema})"
        lines += [
            f"ALTER TABLE public.{table} ENABLE ROW LEVEL SECURITY;",
            f"ALTER TABLE public.{table} FORCE ROW LEVEL SECURITY;",
            *_policy(table, "own_rows", BASE_ROLE, own),
            *_policy(table, "platform", PUBLIC_ROLE, "true"),
            *_policy(table, "owner", "app_owner", "true"),
        ]
    return "\n".join([*lines, *_agreement_sql()])


def _agreement_sql() -> list[str]:
    """A clinic signs by itself: its own role may add to its agreements and read them, and change none."""
    table = "public.tenants_businessassociateagreement"
    schema = "(SELECT c.schema_name FROM public.tenants_clinic c WHERE c.uid = clinic_id)"
    lines = [
        f"GRANT SELECT, INSERT ON {table} TO {BASE_ROLE};",
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY;",
    ]
    for name, verb, role, test in (
        ("own_read", "SELECT", BASE_ROLE, f"USING (current_user = 't_' || {schema})"),
        ("own_sign", "INSERT", BASE_ROLE, f"WITH CHECK (current_user = 't_' || {schema})"),
        ("platform", "SELECT", PUBLIC_ROLE, "USING (true)"),
        ("owner", "ALL", "app_owner", "USING (true) WITH CHECK (true)"),
    ):
        lines.append(f"DROP POLICY IF EXISTS {name} ON {table};")
        lines.append(f"CREATE POLICY {name} ON {table} FOR {verb} TO {role} {test};")
    return lines


def _policy(table: str, name: str, role: str, test: str) -> list[str]:
    return [
        f"DROP POLICY IF EXISTS {name} ON public.{table};",
        f"CREATE POLICY {name} ON public.{table} FOR ALL TO {role} USING ({test}) WITH CHECK ({test});",
    ]


def _grants(schema: str, role: str, tables: list[Declaration], rights: dict[TableClass, str]) -> list[str]:
    lines = []
    for table_class in TableClass:
        names = ", ".join(f'"{schema}"."{one.table}"' for one in tables if one.table_class is table_class)
        if not names:
            continue
        lines.append(f'REVOKE ALL ON {names} FROM "{role}";')
        if table_class in rights:
            lines.append(f'GRANT {rights[table_class]} ON {names} TO "{role}";')
    return lines
