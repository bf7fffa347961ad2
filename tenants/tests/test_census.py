"""Every right that every role holds on every table, read from the catalogue and compared with the declarations."""

import pytest
from django.db import connections

from core.tables import Holder, TableClass
from tenants.classes import clinic_tables, public_tables
from tenants.grants import NONCLINICAL_RIGHTS, RIGHTS, ROW_SECURED, support_tables, support_view

pytestmark = [pytest.mark.promise("P156"), pytest.mark.promise("P157"), pytest.mark.promise("P159")]
ALL = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
MOST_INDEXES = 350
CLOSED_TO_MARKETING = {
    TableClass.CLINICAL,
    TableClass.CLINICAL_APPEND_ONLY,
    TableClass.APPEND_ONLY,
    TableClass.DERIVED,
}


@pytest.fixture
def owner_cursor(houses, django_db_blocker):
    with django_db_blocker.unblock(), connections["owner"].cursor() as cursor:
        yield cursor


def rights(cursor, role: str, table: str) -> set[str]:
    cursor.execute(
        "SELECT p FROM unnest(%s::text[]) p WHERE has_table_privilege(%s, %s, p)", [list(ALL), role, table]
    )
    return {row[0] for row in cursor.fetchall()}


def words(text: str | None) -> set[str]:
    return set((text or "").replace(" ", "").split(",")) - {""}


def test_each_role_holds_exactly_its_classs_rights(owner_cursor, houses):
    for house in (houses.glow, houses.rival):
        schema = house.clinic.schema_name
        for one in clinic_tables():
            name = f'"{schema}"."{one.table}"'
            assert rights(owner_cursor, f"t_{schema}", name) == words(RIGHTS[one.table_class]), name
            assert rights(owner_cursor, f"n_{schema}", name) == words(
                NONCLINICAL_RIGHTS.get(one.table_class)
            ), name
            for stranger in (f"s_{schema}", "app_public", "app_login", "tenant_base"):
                assert rights(owner_cursor, stranger, name) == set(), (stranger, name)


def test_no_clinics_role_reaches_another_clinic(owner_cursor, houses):
    one, two = houses.glow.clinic.schema_name, houses.rival.clinic.schema_name
    for kind in "tns":
        owner_cursor.execute("SELECT has_schema_privilege(%s, %s, 'USAGE')", [f"{kind}_{one}", two])
        assert owner_cursor.fetchone() == (False,)


def test_the_catalogue_holds_no_table_that_nobody_declared(owner_cursor, houses):
    owner_cursor.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = %s", [houses.glow.clinic.schema_name]
    )
    assert {row[0] for row in owner_cursor.fetchall()} == {one.table for one in clinic_tables()}
    owner_cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    declared = {one.table for one in public_tables()} | {"django_migrations"}
    assert {row[0] for row in owner_cursor.fetchall()} == declared


def test_every_table_belongs_to_the_owner(owner_cursor):
    owner_cursor.execute(
        "SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        " AND tableowner <> 'app_owner'"
    )
    assert owner_cursor.fetchone() == (0,)


def test_tables_that_carry_a_clinics_key_are_row_secured(owner_cursor):
    owner_cursor.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relrowsecurity"
        " AND relforcerowsecurity"
    )
    assert {row[0] for row in owner_cursor.fetchall()} == {*ROW_SECURED, "tenants_businessassociateagreement"}
    owner_cursor.execute(
        "SELECT count(*) FROM pg_policies WHERE (qual IS NULL AND cmd <> 'INSERT')"
        " OR (with_check IS NULL AND cmd <> 'SELECT')"
    )
    assert owner_cursor.fetchone() == (0,)


def test_support_has_barrier_views_only(owner_cursor, houses):
    schema = houses.glow.clinic.schema_name
    owner_cursor.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = %s::regnamespace AND relkind = 'v'"
        " AND reloptions @> ARRAY['security_barrier=true']",
        [schema],
    )
    expected = {support_view(one) for one in support_tables(clinic_tables())}
    assert {row[0] for row in owner_cursor.fetchall()} == expected
    assert expected


def test_nothing_in_a_clinic_points_outside_it(owner_cursor, houses):
    for house in (houses.glow, houses.rival):
        owner_cursor.execute(
            "SELECT conname FROM pg_constraint c JOIN pg_class t ON t.oid = c.confrelid"
            " WHERE c.connamespace = %s::regnamespace AND t.relnamespace <> c.connamespace",
            [house.clinic.schema_name],
        )
        assert owner_cursor.fetchall() == []


def test_trigger_functions_run_as_their_owner_with_a_fixed_path(owner_cursor, houses):
    owner_cursor.execute(
        "SELECT p.proname FROM pg_trigger g JOIN pg_proc p ON p.oid = g.tgfoid WHERE NOT g.tgisinternal"
        " AND (NOT p.prosecdef OR p.proconfig IS NULL)"
    )
    assert owner_cursor.fetchall() == []


def test_a_clinic_stays_in_its_budget(owner_cursor, houses):
    owner_cursor.execute(
        "SELECT count(*) FROM pg_indexes WHERE schemaname = %s", [houses.glow.clinic.schema_name]
    )
    assert owner_cursor.fetchone()[0] <= MOST_INDEXES
    assert len(clinic_tables()) <= 120


def test_patients_are_in_no_table_that_marketing_reads():
    for one in clinic_tables():
        if one.holder is Holder.PATIENT:
            assert one.table_class in CLOSED_TO_MARKETING, one.table
