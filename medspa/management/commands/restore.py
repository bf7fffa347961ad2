"""`manage.py restore --from DIR` into empty databases; `--drill DIR` into scratch servers, with a report."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core.clock import now
from medspa.backup import sealing
from medspa.backup.check import examine
from medspa.backup.drill import drill
from medspa.backup.dump import DumpFailed
from medspa.backup.manifest import BadSet
from medspa.backup.restore import Wish, restore
from medspa.metrics_shared import note_moment
from tenants.programs import NoProgram
from vault import tombstones
from vault.keys import stores_of_tombstones

PROBLEMS = (BadSet, DumpFailed, sealing.KeyProblem, sealing.Unreadable, NoProgram, OSError)


class Command(BaseCommand):
    requires_system_checks = []
    help = (
        "Restore a set into empty databases: destroyed keys stay destroyed, and what came back is examined."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--from", dest="source", type=Path, help="the folder of one set")
        which.add_argument(
            "--drill", type=Path, help="the folder of one set; into scratch servers, as a rehearsal"
        )
        parser.add_argument("--vault-from", type=Path, help="another set, whose vault part is newer")
        parser.add_argument(
            "--keep-vault",
            action="store_true",
            help="the vault's database is alive: restore the main one only",
        )
        parser.add_argument("--json", action="store_true", help="nothing but the report, as one line")

    def handle(self, *args: Any, **options: Any) -> None:
        self.quiet = options["json"]
        if options["drill"]:
            if options["keep_vault"]:
                raise CommandError(
                    "A drill has no vault to keep; name a set with a vault part by --vault-from."
                )
            report = drill(options["drill"], *_vault_from(options["vault_from"]))
            if report["ok"]:
                note_moment("restore_drill", now())
        else:
            report = self._restore(options)
        self.stdout.write(json.dumps(report, indent=None if self.quiet else 1))
        if not report["ok"]:
            sys.exit(2)

    def _restore(self, options: dict[str, Any]) -> dict[str, Any]:
        if "owner" not in settings.DATABASES:
            raise CommandError("OWNER_DATABASE_URL is not set; the tables are restored as their owner.")
        try:
            key = sealing.read_key(Path(settings.BACKUP_KEY_PATH))
            wish = Wish(options["source"], key, options["vault_from"], options["keep_vault"])
            done = restore(wish, self._say)
            return examine(done, gone=tombstones.read(stores_of_tombstones()).clinics)
        except PROBLEMS as problem:
            raise CommandError(str(problem)) from problem

    def _say(self, text: str) -> None:
        if not self.quiet:
            self.stdout.write(text)
            self.stdout.flush()


def _vault_from(folder: Path | None) -> list[str]:
    return ["--vault-from", str(folder)] if folder else []
