"""Clinics as the platform's customers: state, plan, hosts, agreements. Nothing of what is inside of them."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from support import actions
from support.acts import Act, Asked
from support.forms import PlanForm, ReasonForm
from support.pages import Inline, Page, badge
from support.site import site
from tenants import actions as doors
from tenants import plans
from tenants.directory import site_url
from tenants.models import BusinessAssociateAgreement, Clinic, ClinicState, Domain

TONES = {ClinicState.ACTIVE: "success", ClinicState.REQUESTED: "warning", ClinicState.SUSPENDED: "danger"}
PROVISIONING = {True: _("complete"), False: _("not complete")}


def _suspend(asked: Asked) -> None:
    doors.suspend(asked.row, asked.data["reason"], asked.by)


def _reopen(asked: Asked) -> None:
    doors.reopen(asked.row, asked.by)


def _retry(asked: Asked) -> None:
    actions.retry_provisioning(asked.row, by=asked.by, at=asked.at)


def _change_plan(asked: Asked) -> None:
    actions.change_plan(asked.row, asked.data["plan"], by=asked.by, at=asked.at)


class Hosts(Inline):
    model = Domain
    fields = readonly_fields = ("host", "primary")
    verbose_name_plural = _("hosts")

    @admin.display(description=_("primary"))
    def primary(self, domain: Domain) -> str:
        return str(_("yes") if domain.is_primary else _("no"))


class Agreements(Inline):
    model = BusinessAssociateAgreement
    fields = readonly_fields = ("version", "signer_name", "signer_title", "signed_at")
    ordering = ("-signed_at",)
    verbose_name_plural = _("business associate agreements")


@admin.register(Clinic, site=site)
class Clinics(Page):
    label = _("Clinics")
    none_yet = _("Clinics open themselves on the public site, by its sign-up.")
    list_display = ("web_name", "name", "standing", "plan_name", "provisioning", "since")
    list_filter = ("state", "plan", "is_demo")
    search_fields = ("slug", "name", "domains__host")
    ordering = ("-created_at",)
    inlines = (Hosts, Agreements)
    fields = readonly_fields = (
        "name",
        "address",
        "standing",
        "suspended_at",
        "suspended_reason",
        "plan_name",
        "provisioning",
        "demo",
        "since",
        "uid",
    )
    acts = (
        Act(
            "suspend",
            "platform.suspend",
            _("Suspend"),
            _(
                "Every page of the clinic's host will say that it is closed for now: staff, patients and programs are"
                " refused. Nothing is deleted, and messages wait until it is reopened."
            ),
            _("Suspend the clinic"),
            _suspend,
            _("The clinic is suspended. All its pages say so from now on."),
            form=ReasonForm,
            offered=lambda clinic: clinic.state == ClinicState.ACTIVE,
            danger=True,
        ),
        Act(
            "reopen",
            "platform.suspend",
            _("Reopen"),
            _("The doors open again, with everything as it was."),
            _("Reopen the clinic"),
            _reopen,
            _("The clinic is open again."),
            offered=lambda clinic: clinic.state == ClinicState.SUSPENDED,
        ),
        Act(
            "retry",
            "platform.suspend",
            _("Repeat the provisioning"),
            _("The worker goes on where it stopped: keys, schema, roles. What is done is not done again."),
            _("Repeat it"),
            _retry,
            _("The provisioning is queued."),
            offered=lambda clinic: clinic.state == ClinicState.REQUESTED,
            sensitive=False,
        ),
        Act(
            "plan",
            "platform.manage",
            _("Change the plan"),
            _("From the next bill on. The prices are those of the public page."),
            _("Change the plan"),
            _change_plan,
            _("The plan is changed."),
            form=PlanForm,
        ),
    )

    def title_of(self, row: Any) -> str:
        return str(row.name)

    @admin.display(description=_("address on the web"), ordering="slug")
    def web_name(self, clinic: Clinic) -> str:
        return clinic.slug

    @admin.display(description=_("state"), ordering="state")
    def standing(self, clinic: Clinic) -> str:
        return badge(clinic.get_state_display(), TONES.get(ClinicState(clinic.state), ""))

    @admin.display(description=_("plan"), ordering="plan")
    def plan_name(self, clinic: Clinic) -> str:
        plan = plans.BY_CODE.get(clinic.plan)
        return f"{plan.name} ({plan.price.format('en')})" if plan else clinic.plan

    @admin.display(description=_("provisioning"))
    def provisioning(self, clinic: Clinic) -> str:
        return str(PROVISIONING[clinic.state != ClinicState.REQUESTED])

    @admin.display(description=_("demo"))
    def demo(self, clinic: Clinic) -> str:
        return str(_("yes") if clinic.is_demo else _("no"))

    @admin.display(description=_("address on the web"))
    def address(self, clinic: Clinic) -> str:
        host = clinic.domains.order_by("-is_primary", "pk").values_list("host", flat=True).first()
        return site_url(host) if host else ""
