"""Sign-ups and leads on the platform's own pages. Whoever looks at somebody's contact is in the trail."""

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.forms import ProblemForm
from support.acts import Act, Asked
from support.pages import Page, badge
from support.site import site
from website import actions
from website.models import Lead, SignUp

TONES = {SignUp.State.OPEN: "success", SignUp.State.FAILED: "danger"}


class NoteForm(ProblemForm):
    note = forms.CharField(
        label=_("What came of it"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )


def _retry(asked: Asked) -> None:
    actions.retry_as_staff(asked.row, by=asked.by, at=asked.at)


def _handle(asked: Asked) -> None:
    actions.handle_lead(asked.row, note=asked.data["note"], done=True, by=asked.by, at=asked.at)


def _take_back(asked: Asked) -> None:
    actions.handle_lead(asked.row, note=asked.data["note"], done=False, by=asked.by, at=asked.at)


@admin.register(SignUp, site=site)
class SignUps(Page):
    label = _("Sign-ups")
    none_yet = _("Whoever opens a clinic on the public site stands here, with how far it got.")
    permission = "platform.leads"
    holds_people = True
    list_display = ("clinic_name", "standing", "step", "attempts", "error", "since", "opened_at")
    list_filter = ("state", "kind")
    search_fields = ("clinic_name", "owner_email", "clinic__slug")
    list_select_related = ("clinic",)
    ordering = ("-created_at",)
    fields = readonly_fields = (
        "clinic_name",
        "clinic",
        "kind",
        "standing",
        "step",
        "attempts",
        "error",
        "owner_name",
        "owner_email",
        "phone",
        "website",
        "city",
        "region",
        "timezone",
        "terms_version",
        "since",
        "touched_at",
        "opened_at",
    )
    acts = (
        Act(
            "retry",
            "platform.suspend",
            _("Repeat the provisioning"),
            _("The worker goes on where it stopped; what is done is not done again."),
            _("Repeat it"),
            _retry,
            _("The provisioning is queued."),
            offered=lambda row: row.state != SignUp.State.OPEN,
            sensitive=False,
        ),
    )

    def title_of(self, row: Any) -> str:
        return str(row.clinic_name)

    @admin.display(description=_("state"), ordering="state")
    def standing(self, row: SignUp) -> str:
        return badge(row.get_state_display(), TONES.get(SignUp.State(row.state), "warning"))


@admin.register(Lead, site=site)
class Leads(Page):
    label = _("Leads")
    none_yet = _("What visitors ask on the contact page stands here until it is handled.")
    permission = "platform.leads"
    holds_people = True
    list_display = ("name", "clinic", "topic", "standing", "since", "handler")
    list_filter = (("handled_at", admin.EmptyFieldListFilter), "topic", "kind")
    search_fields = ("name", "email", "clinic")
    ordering = ("-created_at",)
    fields = readonly_fields = (
        "name",
        "email",
        "phone",
        "clinic",
        "kind",
        "topic",
        "message",
        "standing",
        "handler",
        "note",
        "consent_text",
        "consented_at",
        "since",
    )
    acts = (
        Act(
            "handle",
            "platform.leads",
            _("Mark as handled"),
            _("It leaves the list of those that wait; your name and the time are kept with it."),
            _("Mark as handled"),
            _handle,
            _("The lead is handled."),
            form=NoteForm,
            offered=lambda lead: lead.handled_at is None,
            sensitive=False,
        ),
        Act(
            "open",
            "platform.leads",
            _("Put back"),
            _("It waits again for somebody to answer."),
            _("Put it back"),
            _take_back,
            _("The lead waits again."),
            form=NoteForm,
            offered=lambda lead: lead.handled_at is not None,
            sensitive=False,
        ),
    )

    def title_of(self, row: Any) -> str:
        return str(row.name)

    @admin.display(description=_("state"), ordering="handled_at")
    def standing(self, lead: Lead) -> str:
        return badge(_("handled"), "success") if lead.handled_at else badge(_("waits"), "warning")

    @admin.display(description=_("handled by"))
    def handler(self, lead: Lead) -> str:
        if lead.handled_by is None:
            return ""
        return User.objects.filter(pk=lead.handled_by).values_list("display_name", flat=True).first() or ""
