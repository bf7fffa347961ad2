"""A clinic's beginning: its row and host, its keys, its schema and roles, and its signed BAA.

Runs where the owner's database login is: the provision worker and the commands that create clinics. Only
`request_clinic` is for any process.
"""

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, connections, transaction

from core.context import current_clinic
from tenants import agreements, directory, hostnames, plans, signals, template
from tenants.context import enter_public
from tenants.models import BusinessAssociateAgreement, Clinic, ClinicState, Domain
from tenants.names import ROLE_KINDS, new_schema_name, role_for
from vault import keys

OWNER = "owner"
BAA_VERSION = agreements.VERSION


class SlugRefused(ValueError):
    """The name cannot be a host name here, is taken, or looks like another's."""

    def __init__(self, slug: str, why: hostnames.Refusal) -> None:
        super().__init__(f"{slug!r}: {why.message}")
        self.why = why


def create_clinic(
    *, slug: str, name: str, is_demo: bool = False, second_factor_optional: bool = False
) -> Clinic:
    """A new clinic, ready for its first owner. Raises SlugRefused."""
    clinic = request_clinic(
        slug=slug, name=name, is_demo=is_demo, second_factor_optional=second_factor_optional
    )
    return provision(clinic.uid)


def request_clinic(
    *,
    slug: str,
    name: str,
    plan: str = plans.FIRST,
    is_demo: bool = False,
    second_factor_optional: bool = False,
    using: str = OWNER,
) -> Clinic:
    """Reserve the name and the host. Of two who ask for one name at once, or for two that look alike, one gets it."""
    if second_factor_optional and (settings.PRODUCTION or not is_demo):
        raise ValueError("Only a demo clinic outside production may make the second factor optional.")
    if why := hostnames.refusal(slug, using=using):
        raise SlugRefused(slug, why)
    try:
        with transaction.atomic(using=using):
            clinic = Clinic.objects.using(using).create(
                slug=slug,
                skeleton=hostnames.skeleton(slug),
                name=name,
                plan=plan,
                schema_name=new_schema_name(),
                is_demo=is_demo,
                second_factor_optional=second_factor_optional,
            )
            Domain.objects.using(using).create(host=f"{slug}.{settings.CLINIC_DOMAIN}", clinic=clinic)
    except IntegrityError:
        why = hostnames.refusal(slug, using=using)
        if why is None:
            raise
        raise SlugRefused(slug, why) from None
    return clinic


def provision(uid: UUID) -> Clinic:
    """From a requested clinic to an open one. Can be stopped anywhere and repeated; two at once wait for each other.

    Until the last step its host does not answer: there never is half a clinic.
    """
    build(uid)
    with transaction.atomic(using=OWNER):
        clinic = _locked(uid)
        if clinic.state == ClinicState.REQUESTED:
            with enter_public():
                signals.clinic_built.send(sender=Clinic, clinic=clinic)
            clinic.state = ClinicState.ACTIVE
            clinic.save(using=OWNER, update_fields=["state"])
    directory.changed()
    with enter_public():
        signals.clinic_opened.send(sender=Clinic, clinic=clinic)
    return clinic


def build(uid: UUID) -> Clinic:
    """Keys first (an orphan key is harmless), then schema and roles in one transaction: all of it or nothing."""
    with transaction.atomic(using=OWNER):
        clinic = _locked(uid)
        made_from = template.current_template()
        if clinic.state != ClinicState.REQUESTED or clinic.migrations == made_from.digest:
            return clinic
        keys.create_clinic_keys(clinic.uid)
        # One that was built before the code changed has held nothing but its beginnings; it begins anew.
        script = drop_sql(clinic.schema_name) if clinic.migrations else ""
        run_script(script + template.clinic_sql(made_from, clinic.schema_name))
        clinic.migrations = made_from.digest
        clinic.save(using=OWNER, update_fields=["migrations"])
    return clinic


def _locked(uid: UUID) -> Clinic:
    return Clinic.objects.using(OWNER).select_for_update(no_key=True).get(pk=uid)


def sign_baa(
    clinic: Clinic, *, signer_name: str, signer_title: str = "", at: datetime, version: str = BAA_VERSION
) -> BusinessAssociateAgreement:
    """Record a signature on paper, and make the root of the subjects' keys: from here health data may be stored."""
    agreement = BusinessAssociateAgreement.objects.using(OWNER).create(
        clinic_id=clinic.uid,
        version=version,
        signer_name=signer_name,
        signer_title=signer_title,
        signed_at=at,
    )
    token = current_clinic.set(clinic.ref)
    try:
        keys.create_subject_root(clinic.uid)
    finally:
        current_clinic.reset(token)
    return agreement


def drop_clinic(clinic: Clinic) -> None:
    """Undo the provisioning wholly: schema, roles, keys and row. For demos and tests."""
    with transaction.atomic(using=OWNER):
        run_script(drop_sql(clinic.schema_name))
        with connections[OWNER].cursor() as cursor:
            cursor.execute("DELETE FROM tenants_due WHERE schema = %s", [clinic.schema_name])
        BusinessAssociateAgreement.objects.using(OWNER).filter(clinic_id=clinic.uid).delete()
        Clinic.objects.using(OWNER).filter(pk=clinic.uid).delete()
    keys.forget_clinic(clinic.uid)
    directory.changed()


def drop_sql(schema: str) -> str:
    """A clinic's schema and roles, gone."""
    lines = [f'DROP SCHEMA IF EXISTS "{schema}" CASCADE;']
    lines += [f'DROP ROLE IF EXISTS "{role_for(schema, kind)}";' for kind in ROLE_KINDS]
    return "\n".join(lines) + "\n"


def run_script(sql: str) -> None:
    """Several statements in one round trip, in the surrounding transaction of the owner's connection."""
    wrapper = connections[OWNER]
    wrapper.ensure_connection()
    with cast(Any, wrapper.connection).cursor() as cursor:
        cursor.execute(sql)
    cast(Any, wrapper).search_path_set_schemas = None  # the script ends with RESET ALL
