"""What a sandbox process is told at its start: addresses, credentials, behaviour."""

import argparse
import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

ACCOUNT_SID = "AC" + "5a" * 16
AUTH_TOKEN = "5a" * 16
RESEND_KEY = "re_sandbox"
SIGNING_SECRET = "whsec_" + base64.b64encode(b"sandbox-resend-signing-secret-32").decode()
LOOPBACK = {"127.0.0.1", "::1", "localhost"}


class ConfigError(ValueError):
    """The process must not start like this."""


@dataclass(frozen=True)
class Config:
    host: str
    port: int
    webhook_base: str  # where the application is dialled
    public_base: str  # the same place as the application names it; this is what gets signed
    state: Path | None
    account_sid: str
    auth_token: str
    resend_key: str
    signing_secret: str
    opt_out_handling: bool


def read_config(arguments: list[str], environ: Mapping[str, str]) -> Config:
    if environ.get("DJANGO_ENV") == "production":
        raise ConfigError("The sandbox does not start in production: it would pretend to send.")
    given = _parser(environ).parse_args(arguments)
    webhook_base = _base(given.webhook_base, "--webhook-base")
    config = Config(
        host=given.host,
        port=given.port,
        webhook_base=webhook_base,
        public_base=_base(given.public_base or _as_localhost(webhook_base), "--public-base"),
        state=Path(given.state) if given.state else None,
        account_sid=environ.get("TWILIO_ACCOUNT_SID") or ACCOUNT_SID,
        auth_token=environ.get("TWILIO_AUTH_TOKEN") or AUTH_TOKEN,
        resend_key=environ.get("RESEND_API_KEY") or RESEND_KEY,
        signing_secret=environ.get("RESEND_SIGNING_SECRET") or SIGNING_SECRET,
        opt_out_handling=given.opt_out_handling,
    )
    if not re.fullmatch(r"AC[0-9a-f]{32}", config.account_sid):
        raise ConfigError("TWILIO_ACCOUNT_SID must be AC and 32 hexadecimal digits.")
    return config


def _parser(environ: Mapping[str, str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--host", default=environ.get("SANDBOX_HOST", "127.0.0.1"))
    parser.add_argument("--port", type=int, default=8001, help="0 takes any free one and prints it")
    parser.add_argument("--webhook-base", default="http://127.0.0.1:8000", help="where webhooks are posted")
    parser.add_argument(
        "--public-base",
        default=environ.get("SANDBOX_PUBLIC_BASE", ""),
        help="the same place as the application names it (default: the webhook base, as localhost)",
    )
    parser.add_argument("--state", default="", help="a file of JSON lines that survives a restart")
    parser.add_argument(
        "--opt-out-handling",
        action=argparse.BooleanOptionalAction,
        default=environ.get("SANDBOX_OPT_OUT_HANDLING", "1") != "0",
        help="answer STOP, START and HELP as Twilio does by default",
    )
    return parser


def _base(value: str, name: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ConfigError(f"{name} must look like http://127.0.0.1:8000, not {value!r}.")
    return value.rstrip("/")


def _as_localhost(base: str) -> str:
    parts = urlsplit(base)
    if parts.hostname not in LOOPBACK:
        return base
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://localhost{port}"
