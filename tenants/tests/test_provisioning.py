"""A clinic begins whole, or not at all."""

import re
from datetime import UTC, datetime

import pytest
from django.db import connections

from tenants import provisioning
from tenants.context import enter
from tenants.models import Clinic, ClinicState
from vault import keys
from vault.models import ClinicKey

pytestmark = pytest.mark.own_clinic


def plain(definition: str) -> str:
    """A dumped predicate comes back with other casts and brackets and means the same."""
    return re.sub(r"::character varying|::text|\[\]|[()\s]", "", definition)


def test_a_rendered_clinic_equals_the_migrated_template(new_clinic, settings):
    clinic = new_clinic(cast=False).clinic
    with connections["owner"].cursor() as cursor:

        def shape(schema: str) -> set[tuple[object, ...]]:
            cursor.execute(
                "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = %s::regnamespace"
                " UNION ALL SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = %s"
                " UNION ALL SELECT table_name || '.' || column_name, data_type || is_nullable"
                "  FROM information_schema.columns WHERE table_schema = %s AND table_name NOT LIKE 'support_%%'"
                " UNION ALL SELECT tgname, pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN pg_class c"
                "  ON c.oid = tgrelid WHERE relnamespace = %s::regnamespace AND NOT tgisinternal",
                [schema] * 4,
            )
            return {(a, plain(str(b).replace(schema, "*"))) for a, b in cursor.fetchall()}

        assert shape(clinic.schema_name) == shape(settings.TEMPLATE_SCHEMA)


def test_a_name_is_used_once(new_clinic):
    clinic = new_clinic(cast=False).clinic
    with pytest.raises(provisioning.SlugRefused, match="taken"):
        provisioning.create_clinic(slug=clinic.slug, name="Again")


@pytest.mark.parametrize("slug", ["a", "Glow", "admin", "x" * 60, "-glow", "glow_two", "gl\u043ew"])
def test_a_name_that_cannot_be_a_host_is_refused(slug, django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), pytest.raises(provisioning.SlugRefused):
        provisioning.create_clinic(slug=slug, name="x")


def test_the_second_factor_is_optional_on_demos_only(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), pytest.raises(ValueError, match="demo"):
        provisioning.create_clinic(slug="serious", name="Serious", second_factor_optional=True)


def test_provisioning_resumes_and_repeats_harmlessly(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        clinic = provisioning.request_clinic(slug="resumed-clinic", name="Resumed")
        try:
            with pytest.raises(RuntimeError), _broken_script():
                provisioning.provision(clinic.uid)
            assert Clinic.objects.using("owner").get(pk=clinic.uid).state == ClinicState.REQUESTED
            done = provisioning.provision(clinic.uid)
            assert done.state == ClinicState.ACTIVE
            assert provisioning.provision(clinic.uid).schema_name == done.schema_name
            assert ClinicKey.objects.filter(clinic=clinic.uid).count() == 2
        finally:
            provisioning.drop_clinic(clinic)


def _broken_script():
    """The database gives up in the middle of the script."""
    from unittest import mock

    return mock.patch.object(provisioning, "run_script", side_effect=RuntimeError("cut off"))


@pytest.mark.promise("P63")
@pytest.mark.promise("P222")
def test_no_signed_agreement_no_key(django_db_setup, django_db_blocker):
    from core.ids import uuid7
    from core.problems import BaaRequired

    with django_db_blocker.unblock():
        clinic = provisioning.create_clinic(slug="unsigned-clinic", name="Unsigned")
        try:
            with enter(clinic), pytest.raises(BaaRequired):
                keys.ensure_subject_key(uuid7())
            provisioning.sign_baa(clinic, signer_name="Una", at=datetime(2026, 1, 1, tzinfo=UTC))
            with enter(clinic):
                assert keys.ensure_subject_key(uuid7())
        finally:
            provisioning.drop_clinic(clinic)
