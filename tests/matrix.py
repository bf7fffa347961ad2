"""Who may open which address: one line for every URL of both URL maps. An undeclared one fails the build.

`Anyone`: patients, visitors and programs without a token. `Staff(permission)`: a page of the desk. `Api(permission)`: the
same for programs. `SignIn`: the sign-in itself and one's own account. `Hook`: signed by a vendor. `Platform(permission)`: a page of
the platform's own staff. `Link`: whoever holds
the secret in the address. `Patient`: a patient who signed in by a code, and nobody of the staff.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Anyone:
    methods: tuple[str, ...] = ("get",)
    object: str = ""
    query: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Staff:
    """`object` names what the id in the address is of; such an address answers 404 to whoever may not."""

    permission: str
    object: str = ""
    methods: tuple[str, ...] = ("get",)
    query: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Api:
    """`patient`: the methods that a patient's own session may use too, for what is the patient's own."""

    permission: str
    object: str = ""
    methods: tuple[str, ...] = ("get",)
    write: str = ""
    query: dict[str, str] = field(default_factory=dict)
    patient: tuple[str, ...] = ()


@dataclass(frozen=True)
class SignIn:
    methods: tuple[str, ...] = ("get",)


@dataclass(frozen=True)
class Own:
    """A page of whoever is signed in, whatever the role."""

    methods: tuple[str, ...] = ("get",)
    object: str = ""
    query: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Platform:
    """A page of the platform's own staff. `object` names what the id is of."""

    permission: str
    object: str = ""
    methods: tuple[str, ...] = ("get",)


@dataclass(frozen=True)
class Hook:
    methods: tuple[str, ...] = ("post",)


@dataclass(frozen=True)
class Link:
    methods: tuple[str, ...] = ("get",)


@dataclass(frozen=True)
class Patient:
    """A page of the portal; an id in the address is of something that is the patient's own, or 404."""

    methods: tuple[str, ...] = ("get",)
    object: str = ""


Rule = Anyone | Staff | Api | SignIn | Own | Platform | Hook | Link | Patient


def routes(urlconf: str) -> Iterator[tuple[str, str]]:
    """Every (route, name) of a URL map."""
    yield from _walk(get_resolver(urlconf).url_patterns, "")


def _walk(patterns: list[Any], prefix: str) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route, pattern.name or ""


def _admin(model: str, view: str, **acts: str) -> dict[str, Rule]:
    """The pages of one model in the platform's admin: list, detail, history, and what can be done to a row."""
    base = f"admin/{model}/"
    found: dict[str, Rule] = {
        base: Platform(view),
        f"{base}<str:object_id>/": Platform(view, "row"),
        f"{base}<str:object_id>/history/": Platform("platform.audit", "row"),
    }
    for act, permission in acts.items():
        found[f"{base}<str:object_id>/{act}/"] = Platform(permission, "row", ("get", "post"))
    return found


PLATFORM: dict[str, Rule] = {
    "": Anyone(),
    # For programs of ours; who else asks gets 404 (medspa/tests/test_metrics.py)
    "metrics": Anyone(),
    "hosts/known": Anyone(query={"domain": "localhost"}),
    "robots.txt": Anyone(),
    "contact/": Anyone(("get", "post")),
    "signup/": Anyone(("get", "post")),
    "signup/address/": Anyone(),
    "signup/<str:token>/": Link(),
    "signup/<str:token>/retry/": Link(("post",)),
    "signup/<str:token>/mail/": Link(("post",)),
    "hipaa/agreement/": Anyone(),
    **{
        f"{page}/": Anyone() for page in ("privacy", "terms", "cookies", "security", "hipaa", "subprocessors")
    },
    # The platform's own staff
    "admin/sign-in/": SignIn(("get", "post")),
    "admin/sign-out/": SignIn(("post",)),
    "admin/two-factor/": SignIn(("get", "post")),
    "admin/two-factor/set-up/": SignIn(("get", "post")),
    "admin/join/<str:token>/": Link(),
    "admin/two-factor/recovery-codes/": Platform("platform.view"),
    "admin/password/": Platform("platform.view", methods=("get", "post")),
    "admin/confirm/": Platform("platform.view", methods=("get", "post")),
    "admin/account/": Platform("platform.view"),
    "admin/account/sign-out-everywhere/": Platform("platform.view", methods=("post",)),
    "admin/plans/": Platform("platform.view"),
    "admin/": Platform("platform.view"),
    **_admin("tenants/clinic", "platform.view", suspend="platform.suspend", reopen="platform.suspend"),
    **_admin("tenants/clinic", "platform.view", retry="platform.suspend", plan="platform.manage"),
    **_admin("tenants/provideraccount", "platform.view", renew="platform.manage"),
    **_admin("support/customdomain", "platform.view", check="platform.manage", primary="platform.manage"),
    **_admin("support/customdomain", "platform.view", release="platform.manage"),
    **_admin("accounts/user", "staff.view", role="staff.manage", end="staff.manage", reopen="staff.manage"),
    **_admin("accounts/invitation", "staff.view", resend="staff.manage", withdraw="staff.manage"),
    **_admin("audit/event", "platform.audit"),
    **_admin("website/signup", "platform.leads", retry="platform.suspend"),
    **_admin("website/lead", "platform.leads", handle="platform.leads", open="platform.leads"),
    "admin/tenants/provideraccount/add/": Platform("platform.manage", methods=("get", "post")),
    "admin/support/customdomain/add/": Platform("platform.manage", methods=("get", "post")),
    "admin/accounts/invitation/invite/": Platform("staff.manage", methods=("get", "post")),
    "hooks/twilio/sms/": Hook(),
    "hooks/twilio/status/<uuid:message>/": Hook(),
    "hooks/resend/": Hook(),
}

GET = ("get",)
POST = ("post",)
OWN_STEPS = ("cancel", "reschedule")
BOTH = ("get", "post")

CLINIC: dict[str, Rule] = {
    # What anyone may open
    "": Anyone(),
    "brand.css": Anyone(),
    "privacy/": Anyone(),
    "npp/": Anyone(),
    "language/": Anyone(POST),
    "book/": Anyone(),
    "book/<uuid:service>/": Anyone(object="service"),
    "book/<uuid:service>/time/": Anyone(object="service"),
    "book/hold/<uuid:hold>/": Link(),
    "book/hold/<uuid:hold>/again/": Link(POST),
    "book/hold/<uuid:hold>/release/": Link(POST),
    "book/visit/<str:token>/": Link(),
    "book/visit/<str:token>/visit.ics": Link(),
    "book/visit/<str:token>/confirm/": Link(POST),
    "book/visit/<str:token>/move/": Link(BOTH),
    "book/visit/<str:token>/cancel/": Link(BOTH),
    # The portal
    "portal/": Patient(),
    "portal/sign-in/": SignIn(BOTH),
    "portal/sign-in/code/": SignIn(BOTH),
    "portal/sign-in/birth-date/": SignIn(BOTH),
    "portal/sign-in/who/": SignIn(BOTH),
    "portal/sign-out/": SignIn(POST),
    "portal/stay/": Patient(POST),
    "portal/visits/": Patient(),
    "portal/visits/<uuid:uid>/": Patient(object="appointment"),
    "portal/visits/<uuid:uid>/visit.ics": Patient(object="appointment"),
    "portal/visits/<uuid:uid>/confirm/": Patient(POST, "appointment"),
    "portal/visits/<uuid:uid>/move/": Patient(BOTH, "appointment"),
    "portal/visits/<uuid:uid>/cancel/": Patient(BOTH, "appointment"),
    "portal/consents/": Patient(),
    "portal/consents/<uuid:uid>/": Patient(BOTH, "form"),
    "portal/consents/signed/<uuid:uid>/": Patient(object="signature"),
    "portal/consents/signed/<uuid:uid>/receipt.pdf": Patient(object="signature"),
    "portal/consents/signed/<uuid:uid>/withdraw/": Patient(BOTH, "signature"),
    "portal/report/": Patient(BOTH),
    "portal/plans/": Patient(),
    "portal/plans/<uuid:uid>/": Patient(BOTH, "offered_plan"),
    "portal/plans/<uuid:uid>/decline/": Patient(POST, "offered_plan"),
    "portal/plans/<uuid:uid>/plan.pdf": Patient(object="offered_plan"),
    "portal/aftercare/": Patient(),
    "portal/aftercare/<uuid:uid>/": Patient(object="sheet"),
    "portal/aftercare/<uuid:uid>/aftercare.pdf": Patient(object="sheet"),
    "portal/photos/": Patient(),
    "portal/photos/compare/": Patient(),
    "portal/documents/": Patient(),
    "portal/documents/send/": Patient(methods=BOTH),
    "portal/documents/<uuid:uid>/": Patient(object="document"),
    "portal/photos/<uuid:uid>/": Patient(object="photo"),
    "portal/messages/": Patient(BOTH),
    "portal/forms/": Patient(),
    "portal/forms/<uuid:uid>/<int:step>/": Patient(BOTH, "open_intake"),
    "portal/people/": Patient(),
    "portal/people/me/": Patient(POST),
    "portal/people/<uuid:uid>/": Patient(POST, "dependant"),
    "portal/record/": Patient(),
    "portal/you/": Patient(),
    "portal/you/choices/": Patient(POST),
    "portal/you/correction/": Patient(BOTH),
    "portal/you/<str:kind>/": Patient(BOTH, "kind"),
    "portal/you/<str:kind>/code/": Patient(BOTH, "kind"),
    # The sign-in and one's own account
    "desk/sign-in/": SignIn(BOTH),
    "desk/sign-in/code/": SignIn(BOTH),
    "desk/sign-in/code/enter/": SignIn(BOTH),
    "desk/join/<str:token>/": Link(BOTH),
    "desk/confirm/": Own(BOTH),
    "desk/take-back/": SignIn(BOTH),
    "desk/sign-out/": SignIn(POST),
    "desk/two-factor/": SignIn(BOTH),
    "desk/two-factor/set-up/": SignIn(BOTH),
    "desk/two-factor/recovery-codes/": Own(),
    "desk/two-factor/passkey/challenge/": SignIn(POST),
    "desk/two-factor/passkeys/add/": SignIn(BOTH),
    "desk/two-factor/passkeys/add/challenge/": SignIn(POST),
    "desk/welcome/<str:token>/": Link(BOTH),
    "desk/welcome/<str:token>/again/": Link(POST),
    "desk/baa/": Own(),
    "desk/baa/sign/": Staff("agreement.sign", methods=POST),
    "desk/password/": Own(BOTH),
    "desk/profile/": Own(),
    "desk/profile/tokens/": Staff("tokens.manage", methods=POST),
    "desk/profile/tokens/<uuid:uid>/revoke/": Staff("tokens.manage", "token", POST),
    "desk/profile/details/": Own(POST),
    "desk/profile/sessions/": Own(BOTH),
    "desk/hints/put-away/": Own(POST, query={"key": "calendar.drag"}),
    **{f"desk/hints/{verb}/": Own(POST) for verb in ("off", "again")},
    "desk/profile/passkeys/<uuid:uid>/": Own(BOTH, "passkey"),
    "desk/profile/passkeys/<uuid:uid>/remove/": Own(POST, "passkey"),
    "desk/stay/": Own(POST),
    "desk/mfa/": Own(),
    # Programs
    "api/v1/services/": Anyone(),
    "api/v1/services/all/": Api("services.view"),
    "api/v1/services/<uuid:uid>/": Api("services.view", "service", ("get", "patch"), "services.manage"),
    **{
        f"api/v1/{what}s/": Api("services.view", methods=BOTH, write="settings.manage")
        for what in ("location", "room", "device", "closure")
    },
    **{
        f"api/v1/{what}s/<uuid:uid>/": Api("services.view", what, ("get", "patch"), "settings.manage")
        for what in ("location", "room", "device")
    },
    "api/v1/closures/<uuid:uid>/": Api("services.view", "closure"),
    "api/v1/booking-texts/": Anyone(),
    "api/v1/schema/": Anyone(),
    "api/v1/docs/": Anyone(),
    "api/v1/me/": Own(),
    "api/v1/tokens/": Api("tokens.manage", methods=BOTH),
    "api/v1/tokens/<uuid:uid>/revoke/": Api("tokens.manage", "token", POST),
    "api/v1/availability/": Anyone(),
    "api/v1/holds/": Anyone(POST),
    "api/v1/bookings/": Anyone(POST),
    "api/v1/bookings/<str:token>/": Link(),
    "api/v1/bookings/<str:token>/cancel/": Link(POST),
    "api/v1/bookings/<str:token>/reschedule/": Link(POST),
    "api/v1/appointments/": Api("appointments.view", methods=BOTH, write="appointments.manage"),
    "api/v1/appointments/<uuid:uid>/": Api("appointments.view", "appointment", patient=GET),
    **{
        f"api/v1/appointments/<uuid:uid>/{verb}/": Api(
            "appointments.manage", "appointment", POST, patient=POST if verb in OWN_STEPS else ()
        )
        for verb in (
            "confirm",
            "check-in",
            "start",
            "complete",
            "no-show",
            "cancel",
            "reschedule",
            "undo",
        )
    },
    "api/v1/appointments/<uuid:uid>/gate/": Api("appointments.view", "appointment"),
    "api/v1/patients/<uuid:uid>/history/": Api("chart.view", "person"),
    "api/v1/patients/<uuid:uid>/intakes/": Api("patients.view", "person"),
    "api/v1/patients/<uuid:uid>/appointments/": Api("appointments.view", "person", patient=GET),
    "api/v1/patients/": Api("patients.view", methods=BOTH, write="patients.manage", patient=GET),
    "api/v1/patients/<uuid:uid>/": Api(
        "patients.view", "person", ("get", "patch"), "patients.manage", patient=("get", "patch")
    ),
    "api/v1/patients/<uuid:uid>/notes/": Api("chart.view", "person", BOTH, write="chart.write", patient=GET),
    "api/v1/notes/<uuid:uid>/": Api(
        "chart.view", "signed_note", ("get", "patch"), "chart.write", patient=GET
    ),
    "api/v1/patients/<uuid:uid>/consents/": Api(
        "consents.view", "person", BOTH, "consents.collect", patient=BOTH
    ),
    "api/v1/patients/<uuid:uid>/forms/": Api("consents.view", "person", patient=GET),
    "api/v1/consents/<uuid:uid>/": Api("consents.view", "signature", patient=GET),
    "api/v1/consents/<uuid:uid>/receipt/": Api("consents.view", "signature", patient=GET),
    "api/v1/consents/<uuid:uid>/withdraw/": Api("consents.collect", "signature", POST, patient=POST),
    "api/v1/patients/<uuid:uid>/laser-series/": Api("chart.view", "person", BOTH, "chart.write"),
    "api/v1/laser-series/<uuid:uid>/": Api("chart.view", "laser_series"),
    "api/v1/laser-series/<uuid:uid>/sessions/": Api("chart.write", "laser_series", POST),
    "api/v1/laser-sessions/<uuid:uid>/": Api("chart.view", "laser_session"),
    "api/v1/adverse-events/": Api("chart.view"),
    "api/v1/adverse-events/<uuid:uid>/": Api("chart.view", "adverse_event"),
    "api/v1/adverse-events/<uuid:uid>/assess/": Api("chart.write", "adverse_event", POST),
    "api/v1/adverse-events/<uuid:uid>/close/": Api("chart.write", "adverse_event", POST),
    "api/v1/patients/<uuid:uid>/adverse-events/": Api("chart.write", "person", POST, patient=POST),
    "api/v1/ai-choice/": Api("ai.manage", methods=("get", "put")),
    "api/v1/me/ai-choice/": Own(("get", "put")),
    "api/v1/patients/<uuid:uid>/ai-choice/": Api(
        "chart.view", "person", ("get", "put"), "chart.write", patient=("get", "put")
    ),
    "api/v1/stock/products/": Api("stock.view"),
    "api/v1/stock/lots/": Api("stock.view", methods=BOTH, write="stock.manage"),
    "api/v1/stock/lots/<uuid:uid>/": Api("stock.view", "lot"),
    "api/v1/stock/lots/<uuid:uid>/count/": Api("stock.manage", "lot", POST),
    "api/v1/stock/movements/": Api("stock.view"),
    "api/v1/patients/<uuid:uid>/plans/": Api("plans.view", "person", BOTH, write="chart.write", patient=GET),
    "api/v1/plans/<uuid:uid>/": Api(
        "plans.view", "offered_plan", ("get", "patch"), write="chart.write", patient=GET
    ),
    **{
        f"api/v1/plans/<uuid:uid>/{verb}/": Api("chart.write", "plan", POST)
        for verb in ("offer", "withdraw", "discard", "complete", "end", "resume")
    },
    "api/v1/plans/<uuid:uid>/accept/": Api("plans.decide", "offered_plan", POST, patient=POST),
    "api/v1/plans/<uuid:uid>/decline/": Api("plans.decide", "offered_plan", POST, patient=POST),
    "api/v1/notes/<uuid:uid>/sign/": Api("chart.sign", "note", POST),
    "api/v1/notes/<uuid:uid>/addenda/": Api("chart.sign", "note", POST),
    "api/v1/notes/<uuid:uid>/cosign/": Api("chart.cosign", "note", POST),
    "api/v1/patients/<uuid:uid>/messages/": Api(
        "messages.view", "person", BOTH, write="messages.send", patient=BOTH
    ),
    "api/v1/patients/<uuid:uid>/merge/": Api("patients.merge", "person", POST),
    "api/v1/merges/<uuid:uid>/part/": Api("patients.merge", "merge", POST),
    "api/v1/patients/<uuid:uid>/break-glass/": Api("chart.view", "person", POST),
    "api/v1/documents/": Api("documents.manage", methods=POST),
    "api/v1/documents/<uuid:uid>/": Api("documents.view", "document", patient=GET),
    "api/v1/documents/<uuid:uid>/content/": Api("documents.view", "document", patient=GET),
    "api/v1/documents/<uuid:uid>/release/": Api("documents.manage", "document", methods=POST),
    "api/v1/documents/<uuid:uid>/withdraw/": Api("documents.manage", "document", methods=POST),
    "api/v1/documents/<uuid:uid>/remove/": Api("documents.manage", "document", methods=POST),
    "api/v1/documents/<uuid:uid>/restore/": Api("documents.manage", "document", methods=POST),
    "api/v1/patients/<uuid:uid>/documents/": Api("documents.view", "person", patient=GET),
    "api/v1/photos/": Api("photos.manage", methods=POST),
    "api/v1/photos/<uuid:uid>/content/": Api("photos.view", "photo", patient=GET),
    "api/v1/patients/<uuid:uid>/photos/": Api("photos.view", "person", patient=GET),
    "api/v1/patients/<uuid:uid>/access-log/": Api("audit.view", "person", patient=GET),
    "api/v1/audit-events/": Api("audit.view", patient=GET),
    "api/v1/people/": Api("staff.view"),
    "api/v1/people/<uuid:uid>/": Api("staff.view", "colleague"),
    **{
        f"api/v1/people/<uuid:uid>/{verb}/": Api("staff.manage", "colleague", POST)
        for verb in ("role", "end-access", "reopen")
    },
    "api/v1/invitations/": Api("staff.view", methods=BOTH, write="staff.manage"),
    "api/v1/invitations/<uuid:uid>/withdraw/": Api("staff.manage", "invitation", POST),
    "api/v1/invitations/<uuid:uid>/resend/": Api("staff.manage", "invitation", POST),
    # The desk
    "desk/": Own(),  # a role without a calendar goes on to its own page
    "desk/day/": Staff("appointments.view"),
    "desk/day/<day:on>/": Staff("appointments.view", "day"),
    "desk/week/": Staff("appointments.view"),
    "desk/week/<day:on>/": Staff("appointments.view", "day"),
    "desk/calendar/filter/": Staff("appointments.view"),
    "desk/calendar/views/": Staff("appointments.view", methods=POST),
    "desk/calendar/views/<uuid:uid>/delete/": Staff("appointments.view", "saved_view", POST),
    "desk/blocks/new/": Staff("appointments.manage", methods=BOTH),
    "desk/blocks/<uuid:uid>/": Staff("appointments.manage", "time_off", BOTH),
    "desk/blocks/<uuid:uid>/end/": Staff("appointments.manage", "time_off", POST),
    "desk/blocks/<uuid:uid>/undo/": Staff("appointments.manage", "time_off", POST),
    "desk/visits/new/": Staff("appointments.manage", methods=BOTH),
    "desk/visits/<uuid:uid>/": Staff("appointments.view", "appointment"),
    **{
        f"desk/visits/<uuid:uid>/{verb}/": Staff("appointments.manage", "appointment", POST)
        for verb in ("confirm", "check-in", "start", "complete", "no-show", "undo", "unbook", "hush")
    },
    "desk/visits/<uuid:uid>/cancel/": Staff("appointments.manage", "appointment", BOTH),
    "desk/visits/<uuid:uid>/move/": Staff("appointments.manage", "appointment", BOTH),
    "desk/notices/": Staff("appointments.view"),
    "desk/notices/count/": Staff("appointments.view"),
    "desk/notices/seen/": Staff("appointments.view", methods=POST),
    "desk/find/": Own(),
    "desk/search/": Staff("patients.view"),
    "desk/patients/": Staff("patients.view"),
    "desk/patients/new/": Staff("patients.manage", methods=BOTH),
    "desk/patients/<uuid:uid>/": Staff("patients.view", "person"),
    "desk/patients/<uuid:uid>/edit/": Staff("patients.manage", "person", BOTH),
    "desk/patients/<uuid:uid>/verify/": Staff("patients.manage", "person", POST),
    "desk/patients/<uuid:uid>/break-glass/": Staff("chart.view", "person", ("get", "post")),
    "desk/patients/<uuid:uid>/care-team/": Staff("chart.view", "person"),
    "desk/patients/<uuid:uid>/care-team/<uuid:colleague>/leave/": Staff("care.manage", "care_team", POST),
    "desk/patients/<uuid:uid>/record.pdf": Staff("chart.view", "person", POST),
    "desk/patients/<uuid:uid>/merge/": Staff("patients.merge", "person"),
    "desk/patients/<uuid:uid>/merge/<uuid:other>/": Staff("patients.merge", "two_people"),
    "desk/merges/<uuid:uid>/part/": Staff("patients.merge", "merge", POST),
    "desk/opened-with-a-reason/": Staff("care.manage"),
    "desk/opened-with-a-reason/<uuid:uid>/": Staff("care.manage", "break_glass", POST),
    "desk/patients/<uuid:uid>/chart/": Staff("chart.view", "person"),
    "desk/encounters/<uuid:uid>/": Staff("chart.view", "encounter"),
    # Notes
    "desk/visits/<uuid:uid>/chart/": Staff("chart.write", "appointment_of_care", POST),
    "desk/patients/<uuid:uid>/encounters/new/": Staff("chart.write", "person", BOTH),
    "desk/encounters/<uuid:uid>/note/": Staff("chart.write", "encounter", POST),
    "desk/notes/": Staff("chart.write"),
    "desk/notes/<uuid:uid>/print/": Staff("chart.view", "note"),
    "desk/notes/<uuid:uid>/note.pdf": Staff("chart.view", "note"),
    **{
        f"desk/notes/<uuid:uid>/{verb}/": Staff("chart.write", "note", POST)
        for verb in ("save", "template", "forward", "draft", "use", "dismiss", "addenda")
    },
    "desk/notes/<uuid:uid>/sign/": Staff("chart.sign", "note", POST),
    "desk/notes/<uuid:uid>/cosign/": Staff("chart.cosign", "note", POST),
    "desk/notes/<uuid:uid>/return/": Staff("chart.cosign", "note", POST),
    "desk/patients/<uuid:uid>/ai/": Staff("chart.write", "person", POST),
    "desk/cosign/": Staff("chart.cosign"),
    "desk/cosign/count/": Staff("chart.cosign"),
    "desk/notes/macros/": Staff("chart.write", methods=BOTH),
    "desk/notes/macros/<uuid:uid>/": Staff("chart.manage", "macro", BOTH),
    "desk/notes/macros/<uuid:uid>/delete/": Staff("chart.write", "own_macro", POST),
    "desk/settings/notes/": Staff("chart.manage"),
    "desk/settings/notes/new/": Staff("chart.manage", methods=BOTH),
    "desk/settings/notes/<uuid:uid>/": Staff("chart.manage", "note_template", BOTH),
    "desk/settings/notes/<uuid:uid>/archive/": Staff("chart.manage", "note_template", POST),
    "desk/settings/notes/<uuid:uid>/restore/": Staff("chart.manage", "note_template", POST),
    "desk/settings/cosigning/": Staff("chart.manage"),
    "desk/settings/cosigning/all/": Staff("chart.manage", methods=BOTH),
    "desk/settings/cosigning/<uuid:uid>/": Staff("chart.manage", "provider", BOTH),
    "desk/settings/cosigning/<uuid:uid>/forget/": Staff("chart.manage", "provider", POST),
    "desk/settings/ai/": Staff("ai.manage"),
    "desk/settings/ai/switch/": Staff("ai.manage", methods=POST),
    "desk/patients/<uuid:uid>/treatments/": Staff("chart.view", "person"),
    "desk/patients/<uuid:uid>/series/new/": Staff("chart.write", "person", BOTH),
    "desk/series/<uuid:uid>/": Staff("chart.view", "laser_series"),
    "desk/series/<uuid:uid>/edit/": Staff("chart.write", "laser_series", BOTH),
    "desk/encounters/<uuid:uid>/sessions/new/": Staff("chart.write", "encounter", BOTH),
    "desk/sessions/<uuid:uid>/": Staff("chart.view", "laser_session", BOTH),
    "desk/events/": Staff("chart.view"),
    "desk/events/count/": Staff("chart.view"),
    "desk/events/<uuid:uid>/": Staff("chart.view", "adverse_event"),
    "desk/events/<uuid:uid>/assess/": Staff("chart.write", "adverse_event", POST),
    "desk/events/<uuid:uid>/close/": Staff("chart.write", "adverse_event", POST),
    "desk/patients/<uuid:uid>/events/new/": Staff("chart.write", "person", BOTH),
    # Treatment plans and aftercare
    "desk/patients/<uuid:uid>/plans/": Staff("plans.view", "person"),
    "desk/patients/<uuid:uid>/plans/new/": Staff("chart.write", "person", BOTH),
    "desk/plans/<uuid:uid>/": Staff("plans.view", "plan"),
    "desk/plans/<uuid:uid>/edit/": Staff("chart.write", "plan", BOTH),
    "desk/plans/<uuid:uid>/plan.pdf": Staff("chart.view", "plan"),
    **{
        f"desk/plans/<uuid:uid>/{verb}/": Staff("chart.write", "plan", POST)
        for verb in ("offer", "withdraw", "discard", "complete", "end", "resume")
    },
    "desk/plans/<uuid:uid>/decide/": Staff("plans.decide", "offered_plan", POST),
    "desk/plans/<uuid:uid>/template/": Staff("chart.manage", "plan", POST),
    "desk/settings/plans/": Staff("chart.manage"),
    "desk/settings/plans/<uuid:uid>/": Staff("chart.manage", "plan_template", POST),
    "desk/settings/plans/<uuid:uid>/archive/": Staff("chart.manage", "plan_template", POST),
    "desk/settings/plans/<uuid:uid>/restore/": Staff("chart.manage", "plan_template", POST),
    "desk/patients/<uuid:uid>/aftercare/": Staff("plans.decide", "person", POST),
    "desk/aftercare/<uuid:uid>/": Staff("plans.view", "sheet"),
    "desk/aftercare/<uuid:uid>/aftercare.pdf": Staff("plans.view", "sheet"),
    "desk/aftercare/<uuid:uid>/send/": Staff("messages.send", "sheet", POST),
    "desk/settings/aftercare/": Staff("chart.manage"),
    "desk/settings/aftercare/starter/": Staff("chart.manage", methods=POST, query={"starter": "toxin"}),
    "desk/settings/aftercare/new/": Staff("chart.manage", methods=BOTH),
    "desk/settings/aftercare/<uuid:uid>/": Staff("chart.manage", "aftercare_text", BOTH),
    "desk/settings/aftercare/<uuid:uid>/preview/": Staff("chart.manage", "aftercare_text"),
    "desk/settings/aftercare/<uuid:uid>/archive/": Staff("chart.manage", "aftercare_text", POST),
    "desk/settings/aftercare/<uuid:uid>/restore/": Staff("chart.manage", "aftercare_text", POST),
    # Medical history and intake
    "desk/patients/<uuid:uid>/history/": Staff("chart.view", "person"),
    "desk/patients/<uuid:uid>/history/add/<str:kind>/": Staff("chart.write", "person_and_kind", BOTH),
    "desk/patients/<uuid:uid>/exams/new/": Staff("chart.write", "person", BOTH),
    "desk/encounters/<uuid:uid>/exam/": Staff("chart.write", "exam", POST),
    "desk/encounters/<uuid:uid>/join-link/": Staff("chart.write", "exam", POST),
    "desk/intakes/<uuid:uid>/": Staff("chart.view", "intake"),
    "desk/intakes/<uuid:uid>/decide/": Staff("chart.write", "intake", POST),
    "desk/settings/gate/": Staff("chart.manage", methods=BOTH),
    "desk/settings/gate/usual/": Staff("chart.manage", methods=POST),
    "desk/settings/gate/headings/<uuid:uid>/": Staff("chart.manage", "category", BOTH),
    "desk/settings/gate/services/<uuid:uid>/": Staff("chart.manage", "service", BOTH),
    "desk/settings/questionnaires/": Staff("chart.manage"),
    "desk/settings/questionnaires/starter/": Staff("chart.manage", methods=POST, query={"starter": "laser"}),
    "desk/settings/questionnaires/new/": Staff("chart.manage", methods=BOTH),
    "desk/settings/questionnaires/<uuid:uid>/": Staff("chart.manage", "questionnaire", BOTH),
    "desk/settings/questionnaires/<uuid:uid>/preview/": Staff("chart.manage", "questionnaire"),
    **{
        f"desk/settings/questionnaires/<uuid:uid>/{verb}/": Staff("chart.manage", "questionnaire", POST)
        for verb in ("archive", "restore")
    },
    "desk/settings/licenses/": Staff("chart.manage"),
    "desk/settings/licenses/<uuid:uid>/new/": Staff("chart.manage", "provider", BOTH),
    "desk/settings/licenses/<uuid:uid>/supervisor/": Staff("chart.manage", "provider", BOTH),
    "desk/settings/licenses/<uuid:uid>/end/": Staff("chart.manage", "license", POST),
    "desk/settings/supervisions/<uuid:uid>/end/": Staff("chart.manage", "supervision", POST),
    "desk/history/<uuid:line>/": Staff("chart.write", "history", BOTH),
    "desk/history/<uuid:line>/versions/": Staff("chart.view", "history"),
    "desk/history/<uuid:line>/end/": Staff("chart.write", "history", BOTH),
    "desk/history/<uuid:line>/resume/": Staff("chart.write", "history", POST),
    "desk/patients/<uuid:uid>/photos/": Staff("photos.view", "person"),
    "desk/patients/<uuid:uid>/photos/take/": Staff("photos.manage", "person"),
    "desk/patients/<uuid:uid>/photos/compare/": Staff("photos.view", "person"),
    "desk/photos/<uuid:uid>/": Staff("photos.view", "photo", BOTH),
    "desk/photos/<uuid:uid>/archive/": Staff("photos.manage", "photo", POST),
    "desk/photos/<uuid:uid>/restore/": Staff("photos.manage", "photo", POST),
    "desk/photos/<uuid:uid>/release/": Staff("photos.release", "photo", POST),
    "desk/patients/<uuid:uid>/documents/": Staff("documents.view", "person"),
    "desk/patients/<uuid:uid>/documents/add/": Staff("documents.manage", "person", BOTH),
    "desk/documents/": Staff("documents.view"),
    "desk/documents/<uuid:uid>/": Staff("documents.view", "document", BOTH),
    "desk/documents/<uuid:uid>/file/": Staff("documents.view", "document"),
    "desk/documents/<uuid:uid>/seen/": Staff("documents.manage", "document", POST),
    "desk/documents/<uuid:uid>/release/": Staff("documents.manage", "document", POST),
    "desk/documents/<uuid:uid>/withdraw/": Staff("documents.manage", "document", POST),
    "desk/documents/<uuid:uid>/remove/": Staff("documents.manage", "document", POST),
    "desk/documents/<uuid:uid>/restore/": Staff("documents.manage", "document", POST),
    "desk/settings/photos/": Staff("chart.manage"),
    "desk/settings/photos/<uuid:uid>/": Staff("chart.manage", "service", BOTH),
    "desk/patients/<uuid:uid>/guardians/": Staff("patients.manage", "person", BOTH),
    "desk/patients/<uuid:uid>/guardians/<uuid:link>/end/": Staff("patients.manage", "guardianship", POST),
    "desk/patients/<uuid:uid>/corrections/<uuid:correction>/": Staff("patients.manage", "correction", POST),
    "desk/patients/<uuid:uid>/messages/": Staff("messages.send", "person", POST),
    "desk/patients/<uuid:uid>/log/": Staff("audit.view", "person"),
    "desk/patients/<uuid:uid>/forms/": Staff("consents.view", "person"),
    "desk/patients/<uuid:uid>/forms/hand-over/": Staff("consents.collect", "person", POST),
    "desk/patients/<uuid:uid>/forms/send/": Staff("consents.collect", "person", POST),
    "desk/signatures/<uuid:uid>/": Staff("consents.view", "signature"),
    "desk/signatures/<uuid:uid>/receipt.pdf": Staff("consents.view", "signature"),
    "desk/signatures/<uuid:uid>/end/": Staff("consents.collect", "signature", POST),
    "desk/hand-over/<uuid:uid>/": Staff("consents.collect", "person"),
    "desk/hand-over/<uuid:uid>/health/<uuid:form>/<int:step>/": Staff(
        "consents.collect", "handed_health", BOTH
    ),
    "desk/hand-over/<uuid:uid>/<uuid:form>/": Staff("consents.collect", "handed", BOTH),
    "desk/settings/forms/": Staff("consents.manage"),
    "desk/settings/forms/new/": Staff("consents.manage", methods=BOTH),
    "desk/settings/forms/<uuid:uid>/": Staff("consents.manage", "form"),
    **{
        f"desk/settings/forms/<uuid:uid>/{verb}/": Staff("consents.manage", "form", POST)
        for verb in ("draft", "publish", "discard", "details", "archive", "restore")
    },
    "desk/settings/forms/versions/<uuid:uid>/": Staff("consents.manage", "form_version"),
    "desk/settings/people/": Staff("staff.view"),
    "desk/settings/people/invite/": Staff("staff.manage", methods=BOTH),
    "desk/settings/people/invitations/<uuid:uid>/withdraw/": Staff("staff.manage", "invitation", POST),
    "desk/settings/people/invitations/<uuid:uid>/resend/": Staff("staff.manage", "invitation", POST),
    "desk/settings/people/<uuid:uid>/": Staff("staff.view", "colleague"),
    **{
        f"desk/settings/people/<uuid:uid>/{verb}/": Staff("staff.manage", "colleague", POST)
        for verb in (
            "role",
            "places",
            "provider",
            "provider/stop",
            "end-access",
            "reopen",
            "sign-out",
            "ownership",
        )
    },
    "desk/settings/people/<uuid:uid>/hours/": Staff("staff.manage", "colleague", BOTH),
    "desk/style/": Own(),
    # The clinic sets itself up
    "desk/settings/": Staff("chart.manage"),
    "logo/<str:digest>/": Link(),
    "desk/settings/branding/": Staff("settings.manage", methods=BOTH),
    "desk/settings/branding/logo/": Staff("settings.manage", methods=POST),
    "desk/settings/branding/logo/remove/": Staff("settings.manage", methods=POST),
    "desk/settings/locations/": Staff("settings.manage"),
    "desk/settings/locations/new/": Staff("settings.manage", methods=BOTH),
    **{
        f"desk/settings/locations/<uuid:uid>/{page}": Staff("settings.manage", "location", BOTH)
        for page in ("", "hours/", "closures/", "archive/")
    },
    "desk/settings/locations/<uuid:uid>/restore/": Staff("settings.manage", "location", POST),
    "desk/settings/resources/": Staff("settings.manage"),
    **{f"desk/settings/{kind}s/new/": Staff("settings.manage", methods=BOTH) for kind in ("room", "device")},
    **{
        f"desk/settings/{kind}s/<uuid:uid>/{page}": Staff("settings.manage", kind, methods)
        for kind in ("room", "device")
        for page, methods in (("", BOTH), ("archive/", BOTH), ("restore/", POST))
    },
    "desk/settings/services/": Staff("services.manage"),
    "desk/settings/services/new/": Staff("services.manage", methods=BOTH),
    **{
        f"desk/settings/services/<uuid:uid>/{page}": Staff("services.manage", "service", methods)
        for page, methods in (
            ("", BOTH),
            ("copy/", POST),
            ("up/", POST),
            ("down/", POST),
            ("archive/", BOTH),
            ("restore/", POST),
        )
    },
    "desk/settings/services/headings/<uuid:uid>/": Staff("services.manage", "category", BOTH),
    "desk/settings/policies/": Staff("settings.manage", methods=BOTH),
    "desk/settings/import/": Staff("settings.manage"),
    **{
        f"desk/settings/import/{what}/{page}": Staff("settings.manage", methods=methods)
        for what in ("services", "resources")
        for page, methods in (
            ("", POST),
            ("confirm/", POST),
            ("template.csv", ("get",)),
            ("export.csv", ("get",)),
        )
    },
    "desk/set-up/": Staff("settings.manage"),
    "desk/set-up/preset/": Staff("settings.manage", methods=POST),
    "desk/set-up/hide/": Staff("settings.manage", methods=POST),
    "desk/settings/clinic/": Staff("settings.manage", methods=BOTH),
    # What other programs are told
    "desk/settings/api/": Staff("tokens.manage"),
    "desk/settings/api/tokens/": Staff("tokens.manage", methods=POST),
    "desk/settings/api/tokens/<uuid:uid>/revoke/": Staff("tokens.manage", "token", POST),
    "desk/settings/webhooks/": Staff("settings.manage"),
    "desk/settings/webhooks/new/": Staff("settings.manage", methods=BOTH),
    "desk/settings/webhooks/<uuid:uid>/": Staff("settings.manage", "endpoint"),
    "desk/settings/webhooks/<uuid:uid>/edit/": Staff("settings.manage", "endpoint", BOTH),
    **{
        f"desk/settings/webhooks/<uuid:uid>/{verb}/": Staff("settings.manage", "endpoint", POST)
        for verb in ("secret", "test", "stop", "start", "remove", "replay")
    },
    "api/v1/webhook-endpoints/": Api("settings.manage", methods=BOTH),
    "api/v1/webhook-endpoints/<uuid:uid>/": Api("settings.manage", "endpoint", ("get", "patch")),
    **{
        f"api/v1/webhook-endpoints/<uuid:uid>/{verb}/": Api("settings.manage", "endpoint", POST)
        for verb in ("test", "secret", "stop", "start", "replay")
    },
    "api/v1/webhook-deliveries/": Api("settings.manage"),
    "api/v1/webhook-deliveries/<uuid:uid>/": Api("settings.manage", "delivery"),
    "api/v1/webhook-deliveries/<uuid:uid>/replay/": Api("settings.manage", "delivery", POST),
    "desk/settings/webhooks/deliveries/<uuid:uid>/": Staff("settings.manage", "delivery"),
    "desk/settings/webhooks/deliveries/<uuid:uid>/replay/": Staff("settings.manage", "delivery", POST),
    # Stock
    "desk/stock/": Staff("stock.view"),
    "desk/stock/receive/": Staff("stock.manage", methods=BOTH),
    "desk/stock/products/": Staff("stock.view"),
    "desk/stock/products/new/": Staff("stock.manage", methods=BOTH),
    "desk/stock/products/<uuid:uid>/": Staff("stock.manage", "product", BOTH),
    "desk/stock/products/<uuid:uid>/archive/": Staff("stock.manage", "product", POST),
    "desk/stock/products/<uuid:uid>/restore/": Staff("stock.manage", "product", POST),
    "desk/stock/lots/<uuid:uid>/": Staff("stock.view", "lot"),
    **{
        f"desk/stock/lots/<uuid:uid>/{act}/": Staff("stock.manage", "lot", BOTH)
        for act in ("transfer", "count", "waste", "return")
    },
    "desk/stock/movements/": Staff("stock.view"),
    "desk/stock/movements/export.csv": Staff("stock.view"),
    "desk/stock/movements/<uuid:uid>/undo/": Staff("stock.manage", "movement", POST),
    "desk/stock/variance/": Staff("stock.view"),
    "desk/encounters/<uuid:uid>/injections/": Staff("chart.view", "encounter"),
    "desk/encounters/<uuid:uid>/injections/drawn/": Staff("chart.write", "encounter", POST),
    "desk/encounters/<uuid:uid>/injections/waste/": Staff("chart.write", "encounter", POST),
    **{
        f"desk/encounters/<uuid:uid>/injections/<uuid:point>/{act}": Staff("chart.write", "injection", POST)
        for act in ("", "remove/", "restore/")
    },
    "desk/stock/lots/<uuid:uid>/recall/": Staff("recall.run", "lot", BOTH),
    "desk/stock/lots/<uuid:uid>/recall/tell/": Staff("recall.run", "recalled_lot", POST),
    "desk/stock/lots/<uuid:uid>/recall/lift/": Staff("recall.run", "recalled_lot", POST),
    "desk/stock/lots/<uuid:uid>/recall/told/<uuid:person>/": Staff("recall.run", "recall_notice", POST),
}
