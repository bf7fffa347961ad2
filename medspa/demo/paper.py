"""var/demo.json: where the demo is, and with which keys it opens. Written whole or not at all, for its owner only."""

import json
import os
from pathlib import Path
from typing import Any

from django.conf import settings

from medspa.demo.data import Demo
from medspa.demo.house import Login
from medspa.environment import VAR_DIR
from patients.models import Person
from tenants.directory import clinic_url, site_url
from tenants.models import Clinic

MOST_PATIENTS = 20


def path() -> Path:
    return VAR_DIR / "demo.json"


def read() -> dict[str, Any] | None:
    """What was written, if it can be read."""
    try:
        found: dict[str, Any] = json.loads(path().read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    return found


def write(clinics: list[dict[str, Any]], *, admin: dict[str, Any]) -> None:
    body = {
        "platform": {"url": site_url(settings.PLATFORM_HOST, ""), "admin": admin},
        "sandbox": {"url": settings.SANDBOX_URL},
        "clinics": clinics,
    }
    text = json.dumps(body, indent=1, ensure_ascii=False) + "\n"
    path().parent.mkdir(parents=True, exist_ok=True)
    draft = path().with_suffix(".tmp")
    draft.unlink(missing_ok=True)
    with os.fdopen(
        os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
    ) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path())


def describe(demo: Demo, clinic: Clinic, logins: list[Login], people: list[Person]) -> dict[str, Any]:
    known = [person for person in people if person.is_verified and person.phone and person.email]
    return {
        "name": demo.profile["name"],
        "slug": demo.slug,
        "url": clinic_url(clinic, ""),
        "timezone": demo.location["timezone"],
        "staff": [login.__dict__ for login in logins],
        "patients": [
            {"id": str(person.uid), "email": person.email, "phone": person.phone}
            for person in known[:MOST_PATIENTS]
        ],
    }
