"""`manage.py demo`: two clinics to look around in. A second run finds them and does nothing."""

import time
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core.clock import now
from medspa.demo import paper
from medspa.demo.consents import sign_forms
from medspa.demo.crowd import admit
from medspa.demo.data import CLINICS, Demo
from medspa.demo.documents import file_documents
from medspa.demo.histories import fill_histories
from medspa.demo.house import furnish, hire, leave_the_past_unsaid, open_house, sms_account
from medspa.demo.notes import write_notes
from medspa.demo.photos import take_photos
from medspa.demo.plans import leave_aftercare_unsaid, plan_ahead
from medspa.demo.platform import hire_admin
from medspa.demo.sessions import treat
from medspa.demo.shelf import stock_up
from medspa.demo.visits import fill
from patients.models import Person
from practice.models import License
from providers.errors import ProviderError
from tenants import provisioning
from tenants.context import enter, enter_public
from tenants.directory import clinic_url
from tenants.models import Clinic, ClinicState


class Command(BaseCommand):
    requires_system_checks = []  # they ran in `migrate`
    help = "Create the demo clinics glow and rival, and write var/demo.json."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--renew",
            action="store_true",
            help="write var/demo.json again, with new credentials for the staff",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("The demo is not for production: everybody knows its passwords.")
        if provisioning.OWNER not in settings.DATABASES:
            raise CommandError(
                "OWNER_DATABASE_URL is not set; clinics are created as the owner of the tables."
            )
        began = time.monotonic()
        written = None if options["renew"] else paper.read()
        if written and self._stands(written):
            self._say("The demo is there.")
            return
        at = now()
        clinics = [self._build(demo, at) for demo in CLINICS]
        paper.write(clinics, admin=hire_admin(at=at))
        self._say(f"The demo is ready after {time.monotonic() - began:.0f} s.")

    def _stands(self, written: dict[str, Any]) -> bool:
        """Both clinics are open at the addresses that were written down, and the platform has its admin."""
        with enter_public():
            slugs = [demo.slug for demo in CLINICS]
            open_ones = Clinic.objects.filter(slug__in=slugs, state=ClinicState.ACTIVE)
            found = {clinic.slug: clinic_url(clinic, "") for clinic in open_ones}
        known = found == {one["slug"]: one["url"] for one in written.get("clinics", [])}
        return known and bool(written.get("platform", {}).get("admin"))

    def _build(self, demo: Demo, at: datetime) -> dict[str, Any]:
        name = demo.profile["name"]
        self._say(f"{name}: keys, schema, agreement …")
        clinic = open_house(demo, at=at)
        try:
            sms_account(demo, clinic)
        except ProviderError as problem:
            raise CommandError(f"The sandbox gave {name} no number: {problem}") from problem
        with enter(clinic):
            self._say(f"{name}: rooms, services, staff …")
            furnish(demo, at=at)
            logins = hire(demo, at=at)
            self._say(f"{name}: {len(demo.names)} patients …")
            people = admit(demo, at=at)
            count = fill(people, at=at, say=self._say)
            self._say(f"{name}: {count} visits.")
            if not License.objects.exists():  # the record is charted once
                self._chart(demo, clinic, people, at)
            leave_aftercare_unsaid()
            leave_the_past_unsaid()
            return paper.describe(demo, clinic, logins, people)

    def _chart(self, demo: Demo, clinic: Clinic, people: list[Person], at: datetime) -> None:
        """The clinical record: what is signed, charted, given and photographed."""
        name = demo.profile["name"]
        if "Injectables" in demo.services:
            self._say(f"{name}: {stock_up(at=at)} treatments with injections.")
        signed = sign_forms(people, at=at)
        self._say(f"{name}: {signed} signed forms.")
        treat(demo, people, site=clinic_url(clinic, ""), at=at)
        plans, sheets = plan_ahead(
            people, tattoo=demo.profile.get("kind") == "tattoo_removal", site=clinic_url(clinic, ""), at=at
        )
        self._say(f"{name}: {plans} treatment plans, {sheets} sheets of aftercare.")
        write_notes(at=at, say=self._say)  # last: a signature locks what is charted
        self._say(f"{name}: {fill_histories(at=at)} medical histories.")
        if settings.AWS_ENDPOINT_URL_S3:
            self._say(f"{name}: {take_photos(people, at=at)} drawn photos.")
            self._say(f"{name}: {file_documents(people, at=at)} documents.")

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
