"""Who may do what, as data. An auditor reads this table; whatever it does not name is refused."""

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    OWNER = "owner", _("owner")
    ADMIN = "admin", _("admin")
    PROVIDER = "provider", _("provider")
    SUPERVISOR = "supervisor", _("supervisor")
    FRONT_DESK = "front_desk", _("front desk")
    MARKETER = "marketer", _("marketer")
    ANALYST = "analyst", _("analyst")
    SUPPORT_AGENT = "support_agent", _("support agent")
    SUPPORT_LEAD = "support_lead", _("support lead")
    PLATFORM_ADMIN = "platform_admin", _("platform admin")


PLATFORM_ROLES: Final = frozenset({Role.SUPPORT_AGENT, Role.SUPPORT_LEAD, Role.PLATFORM_ADMIN})
CLINIC_ROLES: Final = frozenset(Role) - PLATFORM_ROLES
TOP_ROLES: Final = frozenset({Role.OWNER, Role.PLATFORM_ADMIN})  # of each house there is always one at least

CLINIC_PERMISSIONS: Final = {
    "appointments.view": _("See the calendar and visits"),
    "appointments.manage": _("Book, move, check in and cancel visits"),
    "appointments.override": _("Book over a conflict, with a reason"),
    "patients.view": _("Find patients and open their pages"),
    "patients.manage": _("Add and correct patients"),
    "patients.contact": _("See phone numbers and email addresses"),
    "messages.view": _("Read messages with patients"),
    "messages.send": _("Write to patients"),
    "services.view": _("See services and prices"),
    "services.manage": _("Change services and prices"),
    "chart.view": _("Read the clinical record: history, notes, treatments"),
    "chart.write": _("Write notes, history, injections, sessions and plans"),
    "chart.sign": _("Sign notes"),
    "chart.cosign": _("Co-sign the notes of others"),
    "chart.override": _("Start a treatment although something is missing, with a reason"),
    "chart.manage": _("Change templates, questionnaires and what must be there before a treatment"),
    "plans.view": _("See the titles, steps and estimates of treatment plans, and what aftercare was given"),
    "plans.decide": _("Note what a patient says to a treatment plan, give out aftercare"),
    "photos.view": _("See clinical photos"),
    "photos.manage": _("Take, annotate and archive clinical photos"),
    "photos.release": _("Release photos to the patient, or for marketing under an authorization"),
    "documents.view": _("See documents: IDs, cards and referrals; clinical ones with the record"),
    "documents.manage": _("File, release and remove documents; clinical ones with the record"),
    "consents.view": _("See which forms are signed and which are missing"),
    "consents.collect": _("Hand forms out, take signatures, note a withdrawal"),
    "consents.manage": _("Write and publish forms"),
    "stock.view": _("See products, lots and what is left"),
    "stock.manage": _("Receive, move, count and write off stock"),
    "recall.run": _("Recall a lot: list its patients and write to them"),
    "patients.merge": _("Merge two records of one patient, and part them again"),
    "care.manage": _("Say who is on a patient's care team, and look at records opened with a reason"),
    "ai.manage": _("Switch AI drafts on and off, and read the AI ledger"),
    "audit.view": _("Read the access log"),
    "staff.view": _("See the staff"),
    "staff.manage": _("Add staff, change roles, end access"),
    "tokens.manage": _("Issue and revoke API tokens"),
    "settings.manage": _("Change the clinic's settings"),
    "agreement.sign": _("Sign agreements for the clinic"),
}
# What is done on the platform's own pages; no right of a clinic's staff, and none inside a clinic.
PLATFORM_PERMISSIONS: Final = {
    "platform.view": _("See clinics, their domains and plans, and the accounts at providers"),
    "platform.leads": _("See and handle sign-ups and leads"),
    "platform.suspend": _("Suspend and reopen clinics, repeat a provisioning"),
    "platform.manage": _("Change domains, plans and the accounts at providers"),
    "platform.audit": _("Read the platform's own trail"),
}
PERMISSIONS: Final = CLINIC_PERMISSIONS | PLATFORM_PERMISSIONS
_ALL: Final = frozenset(CLINIC_PERMISSIONS)
_OWNERS_ALONE: Final = frozenset({"agreement.sign"})
_CLINICAL: Final = frozenset({"chart.view", "chart.write", "chart.sign", "photos.view", "photos.manage"})
# An administrator runs the house and reads no chart.
_NOT_FOR_ADMINS: Final = _CLINICAL | {"chart.cosign", "chart.override", "photos.release", "care.manage"}
_CARE: Final = frozenset(
    {
        "appointments.view",
        "appointments.manage",
        "patients.view",
        "patients.manage",
        "patients.contact",
        "messages.view",
        "messages.send",
        "services.view",
        "consents.view",
        "consents.collect",
        "documents.view",
        "documents.manage",
        "plans.view",
        "plans.decide",
    }
)
_TREATS: Final = _CARE | _CLINICAL | {"chart.override", "photos.release", "stock.view", "stock.manage"}

ROLE_PERMISSIONS: Final[dict[Role, frozenset[str]]] = {
    Role.OWNER: _ALL,
    Role.ADMIN: _ALL - _OWNERS_ALONE - _NOT_FOR_ADMINS,
    Role.PROVIDER: _TREATS,
    Role.SUPERVISOR: _TREATS
    | {
        "appointments.override",
        "care.manage",
        "chart.cosign",
        "chart.manage",
        "consents.manage",
        "recall.run",
    },
    Role.FRONT_DESK: _CARE | {"appointments.override", "stock.view", "patients.merge"},
    Role.MARKETER: frozenset({"services.view"}),
    Role.ANALYST: frozenset({"services.view"}),
    # On the platform. Support enters a clinic as a marked principal of its own, never with rights from this table.
    Role.SUPPORT_AGENT: frozenset({"platform.view"}),
    Role.SUPPORT_LEAD: frozenset({"platform.view", "platform.leads", "platform.suspend", "platform.audit"}),
    Role.PLATFORM_ADMIN: frozenset(PLATFORM_PERMISSIONS) | {"staff.view", "staff.manage"},
}

# Nobody gives a role above his own, or changes a person above himself.
RANKS: Final[dict[Role, int]] = {
    Role.OWNER: 3,
    Role.ADMIN: 2,
    **dict.fromkeys((Role.PROVIDER, Role.SUPERVISOR, Role.FRONT_DESK, Role.MARKETER, Role.ANALYST), 1),
    Role.PLATFORM_ADMIN: 3,
    Role.SUPPORT_LEAD: 2,
    Role.SUPPORT_AGENT: 1,
}


def known(permission: str) -> str:
    """The permission itself; a misspelt one is a fault of ours, not a refusal."""
    if permission not in PERMISSIONS:
        raise LookupError(f"{permission!r} is not in accounts/roles.py")
    return permission


# Under the plain words that the rows hold: asked for every right of every row that a page shows.
_BY_WORD: Final[dict[str, frozenset[str]]] = {role.value: held for role, held in ROLE_PERMISSIONS.items()}


def permissions_of_role(role: str) -> frozenset[str]:
    """What a role holds; nothing for a role the table does not know."""
    return _BY_WORD.get(role, frozenset())


def may_grant(own: str, other: str) -> bool:
    """Whether somebody with the role `own` may give, or change a person with, the role `other`."""
    if own not in Role.values or other not in Role.values:
        return False
    same_house = (Role(own) in PLATFORM_ROLES) == (Role(other) in PLATFORM_ROLES)
    return same_house and RANKS[Role(own)] >= RANKS[Role(other)]
