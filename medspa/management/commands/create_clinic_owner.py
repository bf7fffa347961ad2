"""`manage.py create_clinic_owner`: somebody who owns a clinic, let in by a link or by a password that is shown once."""

import secrets
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts import welcome
from accounts.actions import create_user
from accounts.models import User
from accounts.roles import Role
from audit.actors import job
from core.clock import now
from core.problems import Invalid
from tenants.context import enter, enter_public
from tenants.directory import clinic_url
from tenants.models import Clinic

BY = job("create_clinic_owner")


class Command(BaseCommand):
    help = "Add an owner to a clinic: prints a link that sets the password, mails it, or prints a password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--clinic", required=True, help="the clinic's name in its address, such as glow")
        parser.add_argument("--email", required=True)
        parser.add_argument("--name", default="", help="how the owner is called in the product")
        way = parser.add_mutually_exclusive_group()
        way.add_argument("--mail", action="store_true", help="mail the link instead of showing it")
        way.add_argument("--password", action="store_true", help="make a password up and show it once")

    def handle(self, *args: Any, **options: Any) -> None:
        with enter_public():
            clinic = Clinic.objects.filter(slug=options["clinic"]).first()
        if clinic is None or not clinic.is_open:
            raise CommandError(f"There is no open clinic {options['clinic']!r}.")
        password = secrets.token_urlsafe(12) if options["password"] else None
        try:
            with enter(clinic), transaction.atomic():
                said = self._let_in(clinic, options, password)
        except Invalid as invalid:
            raise CommandError(
                "\n".join(f"--{each['field']}: {each['message']}" for each in invalid.errors)
            ) from None
        self.stdout.write(said)

    def _let_in(self, clinic: Clinic, options: dict[str, Any], password: str | None) -> str:
        at = now()
        name = options["name"] or options["email"].partition("@")[0]
        user: User = create_user(
            email=options["email"], display_name=name, role=Role.OWNER, by=BY, at=at, password=password
        )
        if password:
            return f"{user.email} owns {clinic.name} and signs in at {clinic_url(clinic.own_host, '/desk/')}\n  password {password}   (shown this once)"
        if options["mail"]:
            welcome.send(user, clinic=clinic.own_host, by=BY, at=at)
            return f"{user.email} owns {clinic.name}; the link to the password is on its way there."
        link = clinic_url(clinic.own_host, f"/desk/welcome/{welcome.issue(user, by=BY, at=at)}/")
        return f"{user.email} owns {clinic.name}. This link sets the password, once, within {welcome.LIVES.days} days:\n  {link}"
