"""`manage.py createsuperuser` has no meaning here; says what has."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    requires_system_checks = []
    help = "Not used: see create_clinic_owner and create_platform_admin."

    def handle(self, *args: Any, **options: Any) -> None:
        raise CommandError(
            "Nobody stands above the walls here. Use create_clinic_owner for a clinic,"
            " or create_platform_admin for the platform's own pages."
        )
