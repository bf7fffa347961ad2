"""What was backed up comes back: rows, rights, trails, and records that open; what was destroyed does not."""

import json
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from core.clock import now
from medspa.backup import dump, manifest, sealing
from medspa.backup.manifest import BadSet
from medspa.backup.restore import Wish, restore
from vault import keys
from vault.keys import stores_of_tombstones

pytestmark = [pytest.mark.own_clinic, pytest.mark.promise("P162")]


@pytest.fixture
def apart(settings, tmp_path):
    """Key and ledger of this test alone."""
    settings.BACKUP_KEY_PATH = str(tmp_path / "backup.key")
    settings.TOMBSTONES_PATH = str(tmp_path / "one.jsonl")
    settings.TOMBSTONES_COPY_PATH = str(tmp_path / "two.jsonl")
    return tmp_path


def back_up(to: Path) -> Path:
    call_command("backup", to=to, stdout=StringIO())
    return dump.sets(to)[-1]


def refusal(folder: Path) -> str:
    key = sealing.read_key(Path(settings.BACKUP_KEY_PATH))
    with pytest.raises(BadSet) as refused:
        restore(Wish(folder, key, None, keep_vault=False), lambda text: None)
    return str(refused.value)


def test_the_drill(houses, new_clinic, apart):
    """Three clinics, one of which is destroyed afterwards, restored into other servers with a newer set's vault."""
    shredded = new_clinic("glow").clinic
    folder = back_up(apart / "sets")
    key = sealing.read_key(apart / "backup.key")
    told = manifest.read(folder, key)
    newer = dump.make(apart / "sets", key, at=datetime(2099, 1, 1, tzinfo=UTC), say=lambda text: None)
    (folder / told.parts["vault"].file).unlink()
    assert "--vault-from" in refusal(folder)
    keys.forget_clinic(shredded.uid, at=now())
    out = StringIO()
    call_command("restore", drill=folder, vault_from=newer, stdout=out)
    report = json.loads(out.getvalue())
    assert report["ok"], report
    assert report["rows"] == sum(sum(tables.values()) for tables in told.rows["main"].values())
    assert (report["row_differences"], report["trail_damage"], report["records_unopened"]) == ([], [], [])
    assert report["clinics"] == len(told.clinics)
    assert report["trails_verified"] == len(told.clinics) + 1
    assert report["records_opened"] >= 10
    assert report["tombstones_applied"] > 3
    assert report["clinics_closed"] == 1


def test_a_ledger_that_got_shorter_is_refused(houses, new_clinic, apart):
    keys.forget_clinic(new_clinic("glow", cast=False).clinic.uid, at=now())
    folder = back_up(apart / "sets")
    for store in stores_of_tombstones():
        store.unlink()
    assert "ledger of tombstones has 0 entries" in refusal(folder)


def test_databases_with_something_in_them_are_refused(houses, django_db_blocker, apart):
    folder = back_up(apart / "sets")
    with django_db_blocker.unblock():
        assert "not empty" in refusal(folder)


def test_another_environment_is_refused(houses, django_db_blocker, apart, settings):
    folder = back_up(apart / "sets")
    settings.VAULT_ENV = "production"
    with django_db_blocker.unblock():
        assert "no key would open" in refusal(folder)


def test_a_drill_that_fails_says_so_and_exits_with_2(houses, apart, capsys):
    (apart / "empty").mkdir()
    sealing.make_key(apart / "backup.key")
    with pytest.raises(SystemExit) as ended:
        call_command("restore", drill=apart / "empty")
    assert ended.value.code == 2
    report = json.loads(capsys.readouterr().out)
    assert not report["ok"]
    assert "is no backup" in report["error"]
