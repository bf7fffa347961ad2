"""`audit_verify`: exit 0 when every chain is intact, 2 when one is broken, 3 when an anchor is missing or forged."""

import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit import anchors
from audit.verify import Damage, Known, verify_chain
from tenants.anchoring import PLATFORM
from tenants.context import enter, enter_public
from tenants.models import Clinic, ClinicState

INTACT, BROKEN, ANCHOR_MISSING = 0, 2, 3


class Command(BaseCommand):
    help = "Verify the audit trail of every clinic (or of one), against its chain and the signed anchors."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--clinic", help="the slug of one clinic")
        parser.add_argument(
            "--anchors", help="a file of anchors (default: the hourly one, when there is one)"
        )
        parser.add_argument("--pub", help="the public key that signed them")

    def handle(self, *args: Any, **options: Any) -> None:
        known, missing = self._read_anchors(options["anchors"], options["pub"])
        broken = False
        for slug, uid, damages in self._verify(options["clinic"], known):
            broken = broken or bool(damages)
            for damage in damages:
                self.stdout.write(f"{slug}: {damage}")
            if not damages:
                self.stdout.write(f"{slug}: intact")
            missing = missing or bool(options["anchors"] and uid not in known)
        sys.exit(BROKEN if broken else ANCHOR_MISSING if missing else INTACT)

    def _verify(self, slug: str | None, known: dict[str, list[Known]]) -> list[tuple[str, str, list[Damage]]]:
        with enter_public():
            clinics = Clinic.objects.exclude(state=ClinicState.REQUESTED).order_by("slug")
            chosen = list(clinics.filter(slug=slug) if slug else clinics)
            if slug and not chosen:
                raise CommandError(f"There is no clinic {slug!r}.")
            found = [] if slug else [(PLATFORM, PLATFORM, verify_chain(known.get(PLATFORM)))]
        for clinic in chosen:
            with enter(clinic):
                found.append((clinic.slug, str(clinic.uid), verify_chain(known.get(str(clinic.uid)))))
        return found

    def _read_anchors(self, file: str | None, pub: str | None) -> tuple[dict[str, list[Known]], bool]:
        path = Path(file or settings.ANCHORS_PATH)
        key = Path(pub or f"{settings.ANCHOR_KEY_PATH}.pub")
        if not path.exists() or not key.exists():
            if file:
                self.stderr.write(f"{path} or {key} is missing.")
            return {}, bool(file)
        try:
            return anchors.read(path, anchors.load_public_key(key)), False
        except (anchors.AnchorForged, ValueError) as error:
            self.stderr.write(f"The anchors cannot be trusted: {error}")
            return {}, True
