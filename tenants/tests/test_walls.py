"""What the database itself refuses, tried as the application's own login."""

import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction

from tenants.backend.base import ClinicSwitchRefused
from tenants.context import enter, enter_public

pytestmark = [pytest.mark.promise("P4"), pytest.mark.promise("P157"), pytest.mark.promise("P158")]


def run(sql: str, *params: object) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall() if cursor.description else []


def refused(sql: str) -> str:
    with pytest.raises(DatabaseError) as caught, transaction.atomic():
        run(sql)
    return str(caught.value)


def test_the_next_clinics_tables_are_out_of_reach(clinics):
    other = clinics.rival.clinic.schema_name
    with enter(clinics.glow.clinic):
        for sql in (
            f"SELECT * FROM {other}.patients_person",
            f"INSERT INTO {other}.audit_accesslog (request_id, at) VALUES (gen_random_uuid(), now())",
            f"SELECT 1 FROM patients_person p JOIN {other}.patients_person q ON q.id = p.id",
        ):
            assert "permission denied for schema" in refused(sql)


def test_the_template_is_out_of_reach(glow, settings):
    with enter(glow.clinic):
        assert "permission denied" in refused(f"SELECT * FROM {settings.TEMPLATE_SCHEMA}.patients_person")


def test_the_platforms_people_are_out_of_reach(glow):
    with enter(glow.clinic):
        assert "permission denied" in refused("SELECT * FROM public.accounts_user")
        assert "permission denied" in refused("UPDATE public.tenants_clinic SET name = 'x'")


def test_the_platform_cannot_read_a_clinic(glow):
    with enter_public():
        assert "permission denied" in refused(f"SELECT * FROM {glow.clinic.schema_name}.patients_person")


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TABLE mine (id int)",
        "DROP TABLE patients_person",
        "TRUNCATE patients_person",
        "ALTER TABLE patients_person ADD COLUMN x int",
        "DROP FUNCTION audit_chain() CASCADE",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('x', 'y', now())",
    ],
)
def test_the_clinics_role_changes_no_structure(glow, sql):
    with enter(glow.clinic):
        refused(sql)


@pytest.mark.parametrize("table", ["audit_event", "audit_link", "audit_head"])
def test_the_trail_is_only_added_to(glow, table):
    with enter(glow.clinic):
        assert "permission denied" in refused(f"DELETE FROM {table}")
        assert "permission denied" in refused(
            f"UPDATE {table} SET hash = ''" if table != "audit_event" else "UPDATE audit_event SET verb = 'x'"
        )


def test_the_chain_cannot_be_written_by_hand(glow):
    with enter(glow.clinic):
        sql = "INSERT INTO audit_link VALUES (99, gen_random_uuid(), '', '')"
        assert "permission denied" in refused(sql)


def test_support_sees_nothing_without_a_grant(glow):
    with enter(glow.clinic, role_kind="s"):
        assert run("SELECT * FROM support_patients_person") == []
        assert "permission denied" in refused("SELECT * FROM patients_person")


def test_marketing_and_insights_reach_no_clinical_table(glow):
    with enter(glow.clinic, role_kind="n"):
        assert "permission denied" in refused("SELECT * FROM patients_person")
        assert "permission denied" in refused("SELECT * FROM scheduling_appointment")
        assert run("SELECT count(*) FROM practice_service")


def test_an_unknown_clinic_fails_closed(glow):
    from django_tenants.postgresql_backend.base import FakeTenant

    before = connection.schema_name
    connection.set_tenant(FakeTenant(schema_name="c_nosuch"))
    try:
        with pytest.raises(DatabaseError, match="does not exist"), transaction.atomic():
            run("SELECT 1")
    finally:
        connection.set_tenant(FakeTenant(schema_name=before))


def test_reset_role_leaves_a_login_that_sees_nothing(glow):
    with enter(glow.clinic):
        schema = glow.clinic.schema_name
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            run("RESET ROLE")
            run(f"SELECT * FROM {schema}.patients_person")


def test_the_owners_role_cannot_be_taken(glow):
    with enter(glow.clinic):
        assert "permission denied" in refused("SET ROLE app_owner")


def test_role_and_path_are_right_after_rollbacks(glow):
    def now() -> tuple[object, ...]:
        return run("SELECT current_user::text, current_setting('search_path')")[0]

    with enter(glow.clinic):
        expected = (f"t_{glow.clinic.schema_name}", f'"{glow.clinic.schema_name}"')
        assert now() == expected
        with pytest.raises(DatabaseError), transaction.atomic():
            run("SELECT 1/0")
        assert now() == expected
        with pytest.raises(DatabaseError), transaction.atomic():
            with transaction.atomic():
                run("SELECT 1")
            run("SELECT * FROM nosuch")
        assert now() == expected
    assert connection.schema_name == "public"


@pytest.mark.own_clinic
def test_another_clinic_is_not_entered_inside_a_transaction(new_clinic):
    one, two = new_clinic(cast=False).clinic, new_clinic("rival", cast=False).clinic
    with enter(one), transaction.atomic():
        run("SELECT 1")
        with pytest.raises(ClinicSwitchRefused), enter(two):
            pass
        assert connection.schema_name == one.schema_name
