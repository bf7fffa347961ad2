"""Compare the days' bits with working time and occupancy, and write them anew where they differ."""

from argparse import ArgumentParser
from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from core.clock import now
from practice.profile import profile
from scheduling.days import days_locked, wrong_days
from scheduling.models import Day
from scheduling.rules import Frame
from tenants.context import enter, enter_public
from tenants.models import Clinic, ClinicState


class Command(BaseCommand):
    help = "Check, or rewrite, which steps of each day are free. Exit code 1 when --check finds a wrong day."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="only say which days are wrong")
        parser.add_argument("--clinic", help="slug of one clinic; all of them without it")

    def handle(self, *args: Any, **options: Any) -> None:
        today, wrong = now().date(), 0
        for clinic in _clinics(options["clinic"]):
            with enter(clinic):
                found = _wrong(today)
                wrong += len(found)
                for day in found:
                    self.stdout.write(
                        f"{clinic.slug} {day} " + ("is wrong" if options["check"] else "was wrong")
                    )
                if not options["check"]:
                    _rewrite(found)
            self.stdout.write(f"{clinic.slug}: {len(found)} wrong")
        if wrong and options["check"]:
            raise CommandError(f"{wrong} days are wrong; rebuild_days without --check puts them right")


def _clinics(slug: str | None) -> list[Clinic]:
    with enter_public():
        rows = Clinic.objects.filter(state=ClinicState.ACTIVE).order_by("slug")
        clinics = list(rows.filter(slug=slug) if slug else rows)
    if slug and not clinics:
        raise CommandError(f"there is no open clinic {slug}")
    return clinics


def _wrong(today: date) -> list[date]:
    """All days with bits that still matter, wherever the horizon is."""
    last = Day.objects.order_by("-date").values_list("date", flat=True).first() or today
    first = today - timedelta(days=1)
    return wrong_days(first, max(last, today + timedelta(days=profile().horizon_days)))


def _rewrite(found: list[date]) -> None:
    """A day at a time, under its lock, so that booking goes on meanwhile."""
    for day in found:
        with transaction.atomic(), days_locked(Frame(day, 1).span) as locked:
            locked.rebuild()
