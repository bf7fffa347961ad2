"""The agreement: signed by owners alone, once, by the clinic's own role, and never changed afterwards."""

import threading
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.test import Client

from audit.actors import job
from core.ids import uuid7
from core.problems import Invalid
from tenants import agreements, provisioning
from tenants.context import enter, enter_public
from tests.sign_in import sign_in

TABLE = "public.tenants_businessassociateagreement"
AT = datetime(2026, 3, 3, 15, 0, tzinfo=UTC)
SAID = {
    "clinic_name": "Glow",
    "signer_name": "Una Owner",
    "signer_title": "Owner",
    "agreed": True,
    "by": job("test"),
    "at": AT,
}


@pytest.fixture
def unsigned(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        clinic = provisioning.create_clinic(slug=f"unsigned-{uuid7().hex[-9:]}z", name="Unsigned")
        yield clinic
        provisioning.drop_clinic(clinic)


def run(sql: str, *values: object) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(values))
        return cursor.fetchall() if cursor.description else []


@pytest.mark.own_clinic
@pytest.mark.promise("P222")
def test_two_owners_at_once_sign_once(unsigned):
    def go() -> None:
        try:
            with enter(unsigned):
                agreements.sign(**SAID, signer=uuid7())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=go) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    with enter_public():
        assert unsigned.agreements.count() == 1
    with enter(unsigned):
        signed = agreements.latest()
        assert signed is not None
        assert (signed.signer_name, signed.version, len(signed.text_hash)) == (
            "Una Owner",
            agreements.VERSION,
            64,
        )
        assert agreements.is_signed()


@pytest.mark.own_clinic
def test_what_is_missing_is_said_and_nothing_is_signed(unsigned):
    with enter(unsigned):
        with pytest.raises(Invalid) as caught:
            agreements.sign(
                **{**SAID, "signer_name": " ", "signer_title": "x" * 121, "agreed": False}, signer=uuid7()
            )
        assert {each["field"] for each in caught.value.errors} == {"signer_name", "signer_title", "agreed"}
        assert agreements.latest() is None


def test_a_clinic_sees_and_signs_its_own_alone_and_changes_nothing(clinics):
    glow, rival = clinics.glow.clinic, clinics.rival.clinic
    insert = (
        f"INSERT INTO {TABLE} (uid, clinic_id, version, clinic_name, signer_name, signer_title, text_hash, signed_at)"
        " VALUES (%s, %s, 'x', '', 'x', '', '', now())"
    )
    with enter(glow):
        assert run(f"SELECT clinic_id FROM {TABLE}") == [(glow.uid,)]
        for sql, values in (
            (insert, [uuid7(), rival.uid]),
            (f"UPDATE {TABLE} SET signer_name = 'x'", []),
            (f"DELETE FROM {TABLE}", []),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                run(sql, *values)
    with enter(glow, role_kind="n"):
        assert run(f"SELECT clinic_id FROM {TABLE}") == []
        with pytest.raises(DatabaseError), transaction.atomic():
            run(insert, uuid7(), glow.uid)


@pytest.mark.promise("P224")
@pytest.mark.parametrize("role", ["admin", "provider", "front_desk", "marketer"])
def test_others_read_it_and_only_an_owner_signs(glow, role):
    client = glow.client(glow.cast.users[role])
    page = client.get("/desk/baa/").content.decode()
    assert "Olive Owner" in page
    assert "data-print" in page
    assert client.post("/desk/baa/sign/", {"version": agreements.VERSION}).status_code == 403


@pytest.mark.own_clinic
def test_an_admin_is_told_whom_to_ask(unsigned, settings):
    from accounts.actions import create_user

    with enter(unsigned):
        create_user(email="o@u.example", display_name="Una Owner", role="owner", by=job("t"), at=AT)
        admin = create_user(email="a@u.example", display_name="Ada", role="admin", by=job("t"), at=AT)
    client = Client(HTTP_HOST=f"{unsigned.slug}.localhost")
    sign_in(client, unsigned, admin, cookie=settings.SESSION_COOKIE_NAME)
    page = client.get("/desk/baa/").content.decode()
    assert "Only an owner can sign it. Please ask Una Owner." in page
    assert '<form method="post" action="/desk/baa/sign/"' not in page
    signature = {"version": agreements.VERSION, "signer_name": "Ada", "signer_title": "Admin", "agreed": "on"}
    assert client.post("/desk/baa/sign/", signature).status_code == 403
    with enter(unsigned):
        assert agreements.latest() is None
