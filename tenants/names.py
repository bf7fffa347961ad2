"""Names of schemas and roles: one rule, used by the backend, the renderer and the policies."""

import re
import secrets

PUBLIC = "public"
OWNER_ROLE = "app_owner"
LOGIN_ROLE = "app_login"
PUBLIC_ROLE = "app_public"
BASE_ROLE = "tenant_base"
ROLE_KINDS = ("t", "n", "s")  # the clinic's own, the non-clinical (marketing, insights), support

_SCHEMA = re.compile(r"[a-z][a-z0-9_]{0,39}\Z")
_ROLE = re.compile(r"[a-z][a-z0-9_]{0,41}\Z")
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"


def check_schema_name(name: str) -> str:
    """The name itself; ValueError for anything that is not a plain lower-case name of at most 40 letters."""
    if not _SCHEMA.match(name) or name.startswith("pg_"):
        raise ValueError(f"{name!r} is not a schema name")
    return name


def check_role_name(name: str) -> str:
    """The name itself; ValueError for anything that could end a quoted string."""
    if not _ROLE.match(name):
        raise ValueError(f"{name!r} is not a role name")
    return name


def new_schema_name() -> str:
    """Opaque, since the catalogue shows every schema's name to every role."""
    return "c_" + "".join(secrets.choice(_ALPHABET) for _ in range(14))


def role_for(schema: str, kind: str = "t") -> str:
    """The database role to take in that schema."""
    return PUBLIC_ROLE if schema == PUBLIC else f"{kind}_{schema}"
