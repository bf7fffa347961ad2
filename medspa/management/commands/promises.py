"""`promises`: each promise, the tests marked with it, and whether the last test run kept it."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from medspa.promises import load

WORDS = {True: "kept", False: "BROKEN", None: "open"}


class Command(BaseCommand):
    help = "List the promises with the tests that prove them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON array")
        parser.add_argument("ids", nargs="*", help="only these, as P80 P81")

    def handle(self, *args: Any, **options: Any) -> None:
        chosen = [one for one in load() if not options["ids"] or one.id in options["ids"]]
        if options["json"]:
            self.stdout.write(json.dumps([one.as_json() for one in chosen], indent=1))
            return
        for one in chosen:
            state = WORDS[one.kept] if one.kept is not None or not one.tests else "tests not run here"
            self.stdout.write(f"{one.id:5} {state:6} {len(one.tests):3} tests  {one.text}")
        kept = sum(one.kept is True for one in chosen)
        self.stdout.write(f"{kept} of {len(chosen)} kept")
