"""`manage.py release_migrations`: part of a release; from here on the migrations that are there count as deployed."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db.migrations.loader import MigrationLoader

from medspa.migration_rules import RELEASED, our_migrations, released


class Command(BaseCommand):
    requires_system_checks = []
    help = "Write down every migration as deployed (medspa/released_migrations.txt)."

    def handle(self, *args: Any, **options: Any) -> None:
        names = sorted(our_migrations(MigrationLoader(None, ignore_no_migrations=True)))
        new = set(names) - released() if RELEASED.exists() else set(names)
        RELEASED.write_text("\n".join(names) + "\n")
        self.stdout.write(f"{len(new)} migrations are new in this release.")
