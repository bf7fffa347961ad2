"""`manage.py settings_reference`: writes docs/settings.md from the settings; --check only compares."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from medspa.settings_reference import PAGE, page


class Command(BaseCommand):
    requires_system_checks = []
    help = "Write docs/settings.md from what the settings read."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="exit with an error when it is out of date")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["check"]:
            PAGE.write_text(page())
        elif not PAGE.exists() or PAGE.read_text() != page():
            raise CommandError("docs/settings.md is out of date: run `manage.py settings_reference`.")
