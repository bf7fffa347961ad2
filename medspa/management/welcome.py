"""What `up` prints when everything answers: where to go, and who can sign in."""

import json
from pathlib import Path
from typing import Any


def welcome(demo: Path, port: int, sandbox: str | None) -> str:
    lines = ["", "medspa is running. Ctrl-C stops it.", ""]
    told: dict[str, Any] = json.loads(demo.read_text(encoding="utf-8")) if demo.exists() else {}
    platform = told.get("platform", {}).get("url") or f"http://localhost:{port}/"
    lines.append(_line("Platform", platform))
    if admin := told.get("platform", {}).get("admin"):
        lines.append(_line("  its staff", admin["url"]))
        lines.append(_login("admin", admin))
    if sandbox:
        lines.append(
            _line("Messages", f"{sandbox.rstrip('/')}/outbox/", "what the demo sent, by mail and SMS")
        )
    for clinic in told.get("clinics", []):
        lines += ["", *_clinic(clinic)]
    return "\n".join([*lines, ""])


def _clinic(clinic: dict[str, Any]) -> list[str]:
    base = clinic["url"].rstrip("/")
    lines = [
        f"{clinic['name']} ({clinic['timezone']})",
        _line("  patients book", f"{base}/book/"),
        _line("  staff sign in", f"{base}/desk/"),
    ]
    for person in clinic["staff"]:
        lines.append(_login(person["role"], person))
    return lines


def _login(role: str, person: dict[str, Any]) -> str:
    second = f"TOTP {person['totp_secret']}" if person.get("totp_secret") else ""
    return f"    {role:<12} {person['email']:<34} {person['password']:<24} {second}".rstrip()


def _line(label: str, url: str, note: str = "") -> str:
    return f"{label:<17} {url:<44} {note}".rstrip()
