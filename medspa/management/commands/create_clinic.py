"""`manage.py create_clinic`: a new clinic with its keys, schema, roles, offer and first owner, in seconds."""

import secrets
from argparse import ArgumentParser
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts import passwords
from accounts.actions import create_user
from accounts.models import User
from accounts.roles import Role
from audit.actors import job
from core.clock import now
from core.emails import EmailProblem, normalise_email
from core.problems import Invalid
from core.text import TextProblem, clean_text
from practice.actions import open_clinic
from practice.models import ClinicKind
from tenants import provisioning
from tenants.context import enter
from tenants.directory import clinic_url
from tenants.models import Clinic

BY = job("create_clinic")


class Command(BaseCommand):
    help = "Create a clinic: its keys, schema and roles, what clinics of its kind start with, and its owner."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--name", required=True, help='the clinic\'s name, such as "Glow Aesthetics"')
        parser.add_argument("--slug", required=True, help="its host name, such as glow")
        parser.add_argument("--owner-email", required=True)
        parser.add_argument("--owner-name", default="", help="how the owner is called in the product")
        parser.add_argument("--owner-password", default="", help="one is made up and shown if none is given")
        parser.add_argument("--timezone", required=True, help="such as America/Chicago")
        parser.add_argument("--kind", choices=ClinicKind.values, default=ClinicKind.MEDSPA)
        parser.add_argument(
            "--baa-signer",
            default="",
            metavar="NAME",
            help="who signed the business associate agreement; without it no patient can be stored",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if provisioning.OWNER not in settings.DATABASES:
            raise CommandError(
                "OWNER_DATABASE_URL is not set; a clinic is created as the owner of the tables."
            )
        wish = self._read(options)
        password = options["owner_password"] or secrets.token_urlsafe(12)
        try:
            clinic = provisioning.create_clinic(slug=options["slug"], name=wish["name"])
        except provisioning.SlugRefused as refused:
            raise CommandError(str(refused)) from refused
        try:
            self._fill(clinic, wish, options, password)
        except BaseException:
            # Half a clinic is none: keys, schema, roles and host go, and the name is free again.
            provisioning.drop_clinic(clinic)
            raise
        self._tell(clinic, wish["email"], password, signed=bool(options["baa_signer"]))

    def _read(self, options: dict[str, Any]) -> dict[str, str]:
        """Everything that is wrong, before anything is made."""
        problems: list[str] = []
        wish = {"name": "", "email": "", "owner_name": ""}
        try:
            wish["name"] = clean_text(options["name"], 120)
            wish["owner_name"] = clean_text(options["owner_name"], 120)
            wish["signer"] = clean_text(options["baa_signer"], 120)
        except TextProblem as problem:
            problems.append(str(problem))
        if not wish["name"]:
            problems.append("--name: Enter the clinic's name.")
        try:
            wish["email"] = normalise_email(options["owner_email"])
        except EmailProblem as problem:
            problems.append(f"--owner-email: {problem}")
        try:
            ZoneInfo(options["timezone"])
        except (KeyError, ValueError, OSError):
            problems.append("--timezone: There is no such time zone; write it like America/Chicago.")
        if options["kind"] not in ClinicKind.values:
            problems.append(f"--kind: {options['kind']!r} is none of {', '.join(ClinicKind.values)}.")
        if options["owner_password"]:
            problems += _password_problems(options["owner_password"], wish["email"])
        if problems:
            raise CommandError("\n".join(problems))
        return wish

    def _fill(self, clinic: Clinic, wish: dict[str, str], options: dict[str, Any], password: str) -> None:
        at = now()
        if wish["signer"]:
            provisioning.sign_baa(clinic, signer_name=wish["signer"], at=at)
        with enter(clinic):
            open_clinic(kind=options["kind"], name=wish["name"], timezone=options["timezone"], by=BY, at=at)
            create_user(
                email=wish["email"],
                display_name=wish["owner_name"] or wish["email"].partition("@")[0],
                role=Role.OWNER,
                by=BY,
                at=at,
                password=password,
            )

    def _tell(self, clinic: Clinic, email: str, password: str, *, signed: bool) -> None:
        lines = [
            f"{clinic.name} is ready.",
            f"  patients book   {clinic_url(clinic, '/book/')}",
            f"  staff sign in   {clinic_url(clinic, '/desk/')}",
            f"  owner           {email}",
            f"  password        {password}   (shown this once; the owner sets a second factor at first sign-in)",
        ]
        if not signed:
            lines.append("  The business associate agreement is not signed: no patient can be stored yet.")
        self.stdout.write("\n".join(lines))


def _password_problems(password: str, email: str) -> list[str]:
    try:
        passwords.check(password, User(email=email))
    except Invalid as invalid:
        return [f"--owner-password: {one['message']}" for one in invalid.errors]
    return []
