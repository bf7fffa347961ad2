"""What was published or signed cannot be changed: not by the clinic's own database role, nor by the owner of the tables."""

from datetime import UTC, datetime

import pytest
from django.db import Error, connection, connections, transaction

from consents import actions, rules
from consents.models import EndedHow
from consents.tests.papers import BY, published, signed
from tenants.context import enter

pytestmark = [pytest.mark.promise("P70")]
AT = datetime(2026, 3, 3, 17, 0, tzinfo=UTC)
TABLES = ("consents_consentversion", "consents_signature", "consents_withdrawal")


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("verb", ["UPDATE {} SET uid = uid", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_clinics_role_changes_nothing(glow, table, verb):
    with enter(glow.clinic):
        made = signed(published(), glow.cast.pat, at=AT)
        actions.end_signature(made, how=EndedHow.PORTAL, by=BY, at=AT)
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(verb.format(table))


@pytest.mark.own_clinic
def test_the_owner_of_the_tables_changes_nothing_either(new_clinic):
    house = new_clinic("glow")
    schema = house.clinic.schema_name
    with enter(house.clinic):
        made = signed(published(), house.cast.pat, at=AT)
        actions.end_signature(made, how=EndedHow.PORTAL, by=BY, at=AT)
    for table in TABLES:
        with pytest.raises(Error, match="does not change"), connections["owner"].cursor() as cursor:
            cursor.execute(f'UPDATE "{schema}".{table} SET uid = uid')
        with pytest.raises(Error, match="does not change"), connections["owner"].cursor() as cursor:
            cursor.execute(f'TRUNCATE "{schema}".{table} CASCADE')


def test_the_hash_is_of_the_text_and_of_all_that_was_signed(glow):
    with enter(glow.clinic):
        made = type(signed(published(), glow.cast.pat, at=AT)).objects.get()
        assert bytes(made.text_hash) == rules.hash_of_text(made.text)
        assert bytes(made.seal_hash) == rules.digest(made.sealed())
        from audit.models import Event

        event = Event.objects.get(verb="consent.signed")
        assert event.object_id == str(made.uid)
        assert made.seal_hash.hex() in read_detail(event)


def read_detail(event) -> str:
    from audit.trail import DETAIL_TAG
    from vault.sealing import open_bytes

    return open_bytes(bytes(event.detail), tag=DETAIL_TAG, row=event.id).decode()
