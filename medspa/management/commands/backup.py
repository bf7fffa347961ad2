"""`manage.py backup --to DIR`: both instances as one sealed set. With --prune, what grew too old goes."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core.clock import now
from medspa.backup import dump, sealing
from medspa.backup.manifest import BadSet
from medspa.metrics_shared import note_moment
from tenants.programs import NoProgram


class Command(BaseCommand):
    requires_system_checks = []
    help = "Back up the main database and the vault as one set, encrypted under the backup key."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--to", required=True, type=Path, help="the folder in which each set gets its own"
        )
        parser.add_argument(
            "--prune", action="store_true", help="remove vault parts over 7 days and sets over 90 days old"
        )
        parser.add_argument("--only-prune", action="store_true", help="remove old ones and back up nothing")
        parser.add_argument("--make-key", action="store_true", help="make the backup key if there is none")

    def handle(self, *args: Any, **options: Any) -> None:
        to: Path = options["to"]
        try:
            if not options["only_prune"]:
                self._back_up(to, make_key=options["make_key"])
            if options["prune"] or options["only_prune"]:
                for name in dump.prune(to, at=now()):
                    self._say(f"removed {name}")
        except (BadSet, dump.DumpFailed, sealing.KeyProblem, NoProgram, OSError) as problem:
            raise CommandError(str(problem)) from problem

    def _back_up(self, to: Path, *, make_key: bool) -> None:
        if "owner" not in settings.DATABASES:
            raise CommandError(
                "OWNER_DATABASE_URL is not set; only the owner of the tables sees all of them."
            )
        path = Path(settings.BACKUP_KEY_PATH)
        if not path.exists() and (make_key or not settings.PRODUCTION):
            sealing.make_key(path)
            self._say(f"A backup key was made: {path}. Keep a copy of it apart from the backups.")
        at = now()
        made = dump.make(to, sealing.read_key(path), at=at, say=self._say)
        note_moment("backup", at)
        self._say(f"{made}")

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
