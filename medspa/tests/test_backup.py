"""A set is made whole, or not at all; it is sealed, checked, and grows old."""

import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from medspa.backup import dump, manifest, sealing
from medspa.backup.census import differences
from medspa.backup.manifest import BadSet

pytestmark = [pytest.mark.own_clinic, pytest.mark.promise("P162")]
AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
KEY = bytes(range(32))


def sealed(clear: bytes, name: str = "main") -> bytes:
    target = io.BytesIO()
    sealing.seal(io.BytesIO(clear), target, KEY, name)
    return target.getvalue()


def opened(blob: bytes, name: str = "main", key: bytes = KEY) -> bytes:
    return b"".join(sealing.opened(io.BytesIO(blob), key, name))


@pytest.mark.parametrize(
    "size", [0, 1, sealing.CHUNK - 1, sealing.CHUNK, sealing.CHUNK + 1, 3 * sealing.CHUNK]
)
def test_what_was_sealed_opens(size):
    clear = bytes(size)
    assert opened(sealed(clear)) == clear


def test_a_sealed_dump_that_was_touched_does_not_open():
    blob = sealed(b"x" * (2 * sealing.CHUNK + 5))
    chunk = sealing.CHUNK + sealing.TAG
    head = len(sealing.MAGIC) + sealing.SALT
    touched = {
        "a bit flipped": blob[:-1] + bytes([blob[-1] ^ 1]),
        "the end cut off": blob[: head + chunk],
        "a chunk cut short": blob[:-3],
        "two chunks swapped": blob[:head]
        + blob[head + chunk : head + 2 * chunk]
        + blob[head : head + chunk]
        + blob[head + 2 * chunk :],
        "a byte added": blob + b"x",
        "another salt": blob[:10] + bytes([blob[10] ^ 1]) + blob[11:],
    }
    for what, each in touched.items():
        with pytest.raises(sealing.Unreadable):
            opened(each)
            pytest.fail(what)
    with pytest.raises(sealing.Unreadable):
        opened(blob, name="vault")
    with pytest.raises(sealing.Unreadable):
        opened(blob, key=bytes(32))


def test_a_key_that_others_may_read_is_refused(tmp_path):
    path = tmp_path / "backup.key"
    sealing.make_key(path)
    assert len(sealing.read_key(path)) == 32
    path.chmod(0o644)
    with pytest.raises(sealing.KeyProblem, match="0600"):
        sealing.read_key(path)
    with pytest.raises(FileExistsError):
        sealing.make_key(path)


@pytest.fixture
def one_set(houses, django_db_blocker, tmp_path):
    """Both databases of this process, backed up."""
    with django_db_blocker.unblock():
        return dump.make(tmp_path / "sets", KEY, at=AT, say=lambda text: None)


def test_a_set_is_private_sealed_and_told(one_set):
    told = manifest.read(one_set, KEY)
    assert told.at == AT.isoformat()
    assert told.rows["main"]["public"]["tenants_clinic"] >= 2
    assert told.rows["vault"]["public"]["vault_subjectkey"] > 0
    assert set(told.clinics) <= set(told.heads)
    assert one_set.stat().st_mode & 0o777 == 0o700
    for name in ("main", "vault"):
        path = manifest.check_part(one_set, told.parts[name])
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.read_bytes().startswith(sealing.MAGIC)
        assert b"PGDMP" not in path.read_bytes()


def test_nothing_is_overwritten_and_no_half_is_left(one_set, django_db_blocker):
    with django_db_blocker.unblock(), pytest.raises(BadSet, match="there already"):
        dump.make(one_set.parent, KEY, at=AT, say=lambda text: None)
    (one_set.parent / ".partial-2026-01-01T00-00-00Z").mkdir()

    def interrupted(text: str) -> None:
        if "dumping" in text:
            raise KeyboardInterrupt

    with django_db_blocker.unblock(), pytest.raises(KeyboardInterrupt):
        dump.make(one_set.parent, KEY, at=AT + timedelta(days=1), say=interrupted)
    assert sorted(path.name for path in one_set.parent.iterdir()) == [".lock", one_set.name]


def test_a_changed_manifest_or_file_is_refused(one_set):
    told = manifest.read(one_set, KEY)
    with pytest.raises(BadSet, match="another backup key"):
        manifest.read(one_set, bytes(32))
    main = one_set / told.parts["main"].file
    whole = main.read_bytes()
    main.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(BadSet, match="damaged"):
        manifest.check_part(one_set, told.parts["main"])
    main.write_bytes(whole[:-1])
    with pytest.raises(BadSet, match="bytes"):
        manifest.check_part(one_set, told.parts["main"])
    path = one_set / manifest.FILE
    lie = json.loads(path.read_text())
    lie["tombstones"] = 0
    lie["at"] = "2026-11-02T09:00:01+00:00"
    path.write_text(json.dumps(lie))
    with pytest.raises(BadSet, match="changed"):
        manifest.read(one_set, KEY)


@pytest.mark.promise("P190")
def test_a_vault_part_lives_seven_days_and_a_set_ninety(one_set):
    sets = one_set.parent
    assert dump.prune(sets, at=AT + timedelta(days=7)) == []
    assert dump.prune(sets, at=AT + timedelta(days=7, seconds=1)) == [f"{one_set.name}/vault.dump.sealed"]
    assert dump.prune(sets, at=AT + timedelta(days=90)) == []
    told = manifest.read(one_set, KEY)
    with pytest.raises(BadSet, match="--vault-from"):
        manifest.check_part(one_set, told.parts["vault"])
    assert dump.prune(sets, at=AT + timedelta(days=90, seconds=1)) == [one_set.name]
    assert dump.sets(sets) == []


def test_differences_name_the_table():
    assert differences({"c_a": {"one": 3, "two": 1}}, {"c_a": {"one": 3}}) == ["c_a.two: 0 rows, expected 1"]
    assert differences({"c_a": {"one": 3}}, {"c_a": {"one": 2}}, but={"one": 1}) == []


def test_production_makes_no_key_by_itself(settings, tmp_path):
    settings.PRODUCTION, settings.BACKUP_KEY_PATH = True, str(tmp_path / "none.key")
    with pytest.raises(CommandError, match=r"none\.key"):
        call_command("backup", to=tmp_path / "sets")
    assert not (tmp_path / "none.key").exists()
