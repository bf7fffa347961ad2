"""How drf-spectacular describes a patient's way to sign in."""

from typing import Any

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension


class PatientSessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "portal.api_auth.PatientSessionAuthentication"
    name = "patient"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": settings.PATIENT_COOKIE_NAME,
            "description": "A patient's session, begun at /portal/ by a code; unsafe methods need the CSRF token in X-CSRFToken.",
        }
