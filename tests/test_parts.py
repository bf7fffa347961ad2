"""The parts it stands on are what we say they are."""

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management.base import CommandError
from django.db import NotSupportedError, connection, connections

from medspa.celery import app
from medspa.management.commands.migrate import refuse_old_server
from medspa.promises import load
from tenants.backend.features import OLDEST
from tenants.context import enter, enter_public


@pytest.mark.promise("P172")
def test_the_cache_is_redis_and_a_clinics_entries_are_its_own(clinics):
    assert settings.CACHES["default"]["BACKEND"].endswith("RedisCache")
    assert str(app.conf.broker_url).startswith(("redis", "unix"))
    with enter(clinics.glow.clinic):
        cache.set("greeting", "glow", 60)
    with enter(clinics.rival.clinic):
        assert cache.get("greeting") is None
        cache.set("greeting", "rival", 60)
    with enter_public():
        assert cache.get("greeting") is None
    with enter(clinics.glow.clinic):
        assert cache.get("greeting") == "glow"


@pytest.mark.promise("P174")
def test_the_store_is_postgresql_and_the_vault_another_instance(glow):
    systems = set()
    for alias in ("default", "vault"):
        with enter_public(), connections[alias].cursor() as cursor:
            cursor.execute(
                "SELECT current_setting('server_version_num')::int, system_identifier FROM pg_control_system()"
            )
            version, system = cursor.fetchone()
        assert version >= OLDEST * 10_000
        systems.add(system)
    assert len(systems) == 2


def test_an_older_server_is_refused_in_words(glow, monkeypatch):
    with pytest.raises(
        CommandError, match="VAULT_DATABASE_URL leads to PostgreSQL 15; 16 or newer is needed"
    ):
        refuse_old_server(150_008, "VAULT_DATABASE_URL")
    refuse_old_server(160_000, "VAULT_DATABASE_URL")
    monkeypatch.setattr(connection.features, "minimum_database_version", (99,))
    with pytest.raises(NotSupportedError, match="PostgreSQL 99 or later is required"):
        connection.check_database_version_supported()
    assert type(connection.features).minimum_database_version == (OLDEST,)


def test_the_application_logs_in_as_a_role_that_can_do_nothing_by_itself(glow):
    with enter(glow.clinic), connection.cursor() as cursor:
        cursor.execute(
            "SELECT session_user::text, rolinherit, rolsuper, rolcreaterole FROM pg_roles WHERE rolname = session_user"
        )
        assert cursor.fetchone() == ("app_login", False, False, False)


def test_the_list_of_promises_is_whole():
    promises = load()
    assert len(promises) == 250
    assert next(one for one in promises if one.id == "P80").tests
