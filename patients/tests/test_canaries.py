"""What a stolen dump of the main database would show of a person: nothing."""

from datetime import UTC, date, datetime

import pytest
from django.db import connections

from audit.actors import VISITOR, job
from patients import access, actions
from patients.rules import Details
from tenants.context import enter

AT = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
CANARY = Details(
    "Zephyrine", "Quacksalver", "zephyrine.quacksalver@canary.example", "+13125550147", date(1971, 3, 9)
)
WORDS = ["zephyrine", "quacksalver", "canary.example", "3125550147", "555-0147", "1971-03-09"]


@pytest.mark.own_clinic
@pytest.mark.promise("P62")
def test_no_name_number_address_or_birth_date_in_the_main_database(new_clinic):
    house = new_clinic("glow")
    with enter(house.clinic):
        by = job("test")
        person = actions.create_person(CANARY, by=by, at=AT)
        claimed = actions.claim_person(CANARY, by=VISITOR, at=AT)
        actions.keep_key(claimed)
        actions.update_person(person, {"language": "es"}, by=by, on=AT.date())
        assert access.search(house.cast.desk, "zephyrine")
        assert person.uid in {one.uid for one in access.search(house.cast.desk, CANARY.phone)}
    found = leaks(house.clinic.schema_name, WORDS) | leaks("public", WORDS)
    assert found == set()
    # The search itself works: the clinic's own number is no secret and lies in the clear.
    assert "practice_location.phone" in leaks(house.clinic.schema_name, ["5125550142"])


def leaks(schema: str, words: list[str]) -> set[str]:
    """Every column of the schema that holds one of the words, in the clear, in bytes or inside JSON."""
    found = set()
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns"
            " JOIN information_schema.tables USING (table_schema, table_name)"
            " WHERE table_schema = %s AND table_type = 'BASE TABLE'",
            [schema],
        )
        for table, column, kind in cursor.fetchall():
            value = f"encode(\"{column}\", 'escape')" if kind == "bytea" else f'"{column}"::text'
            cursor.execute(
                f'SELECT 1 FROM "{schema}"."{table}" WHERE lower({value}) LIKE ANY(%s) LIMIT 1',
                [[f"%{word}%" for word in words]],
            )
            if cursor.fetchone():
                found.add(f"{table}.{column}")
    return found
