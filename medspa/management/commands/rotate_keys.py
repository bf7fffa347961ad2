"""`manage.py rotate_keys`: a new key of the keyring, and every clinic's own keys wrapped by it. No data are touched."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from vault.errors import KeyringError
from vault.keyring import LocalKeyring
from vault.keys import rewrap_clinic_keys


class Command(BaseCommand):
    requires_system_checks = []
    help = "Make a new active key in the keyring and rewrap the clinics' keys. Can be stopped and resumed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--resume", action="store_true", help="make no new key, only rewrap what is left of the last time"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        ring = LocalKeyring(settings.KEYRING_PATH)
        try:
            kid = ring.active_kid() if options["resume"] else ring.add_key()
            done = rewrap_clinic_keys()
        except (KeyringError, OSError) as problem:
            raise CommandError(f"{problem}. Run it again with --resume.") from problem
        self.stdout.write(
            f"{kid} is active; {done} keys were wrapped anew. Backups of the vault up to 7 days old"
        )
        self.stdout.write("still need the keys before it: keep the keyring as it is.")
