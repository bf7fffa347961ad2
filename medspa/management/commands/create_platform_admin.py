"""`manage.py create_platform_admin`: somebody who runs the platform. Sees no clinic's data by that."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.actions import create_user
from accounts.roles import PLATFORM_ROLES, Role
from audit.actors import job
from core.clock import now
from core.problems import Invalid
from medspa.management import passwords
from tenants.context import enter_public
from tenants.directory import site_url

BY = job("create_platform_admin")


class Command(BaseCommand):
    requires_system_checks = []
    help = "Create a user of the platform; the second factor is set up at the first sign-in, before anything else."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--email", required=True)
        parser.add_argument("--name", required=True, help="how the person is called in the trail")
        parser.add_argument(
            "--role", choices=sorted(role.value for role in PLATFORM_ROLES), default=Role.PLATFORM_ADMIN.value
        )
        parser.add_argument(
            "--password-stdin", action="store_true", help="read the password from the first line of a pipe"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        password = passwords.ask(from_pipe=options["password_stdin"])
        try:
            with enter_public():
                user = create_user(
                    email=options["email"],
                    display_name=options["name"],
                    role=options["role"],
                    by=BY,
                    at=now(),
                    password=password,
                )
        except Invalid as invalid:
            raise CommandError("\n".join(str(one["message"]) for one in invalid.errors)) from invalid
        self.stdout.write(f"{user.email} may sign in at {site_url(settings.PLATFORM_HOST, '/admin/')}")
        self.stdout.write("The second factor is set up at the first sign-in; nothing opens before it.")
