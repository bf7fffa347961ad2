"""Hosts that clinics bring along."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from support import actions
from support.acts import Act, Asked
from support.forms import DomainForm
from support.models import CustomDomain, Finding, Way
from support.pages import Page, badge
from support.site import site
from tenants.models import Domain

WAY_TONES = {Way.HERE: "success", Way.ELSEWHERE: "warning", Way.NOWHERE: "warning", Way.UNKNOWN: "neutral"}

TO_DO = {
    Finding.MISSING: _(
        "Have the clinic add the TXT record. A new one can take an hour to be seen everywhere."
    ),
    Finding.WRONG: _("Have the clinic copy the record whole, without quotes, under the name above."),
    Finding.TIMEOUT: _("The name servers were silent. Check again in a few minutes."),
    Finding.FAILED: _("The name servers of this host are at fault: ask whoever runs them, then check again."),
}
WAY_TO_DO = {
    Way.ELSEWHERE: _("Have the clinic point the host at %(platform)s by a CNAME record."),
    Way.NOWHERE: _("Have the clinic point the host at %(platform)s by a CNAME record."),
    Way.UNKNOWN: _("Where the host leads could not be found out. Check again in a few minutes."),
}


def _ask(asked: Asked) -> CustomDomain:
    return actions.ask_domain(asked.data["clinic"], asked.data["host"], by=asked.by, at=asked.at)


def _check(asked: Asked) -> None:
    actions.check_domain(asked.row, by=asked.by, at=asked.at)


def _make_primary(asked: Asked) -> None:
    actions.make_primary(asked.row.clinic, asked.row.host, by=asked.by, at=asked.at)


def _release(asked: Asked) -> bool:
    actions.release_domain(asked.row, by=asked.by, at=asked.at)
    return True


def _is_secondary(row: CustomDomain) -> bool:
    return (
        row.is_verified and row.leads_here and Domain.objects.filter(host=row.host, is_primary=False).exists()
    )


@admin.register(CustomDomain, site=site)
class CustomDomains(Page):
    label = _("Domains")
    none_yet = _("A clinic's own host name, such as book.example.com, stands here once you add it.")
    list_display = ("host", "clinic", "state", "leads", "primary", "checked_at", "verified_at")
    list_filter = ("state",)
    list_select_related = ("clinic",)
    search_fields = ("host", "clinic__slug")
    fields = readonly_fields = (
        "host",
        "clinic",
        "state",
        "primary",
        "advice",
        "record_name",
        "token",
        "asked_at",
        "checked_at",
        "found",
        "record_seen",
        "leads",
        "leads_to",
        "verified_at",
    )
    acts = (
        Act(
            "add",
            "platform.manage",
            _("Add a domain"),
            _("The host leads nowhere until its owner has shown, by a TXT record, that it is theirs."),
            _("Add the domain"),
            _ask,
            _("The domain waits for its TXT record."),
            form=DomainForm,
            of_one=False,
        ),
        Act(
            "check",
            "platform.manage",
            _("Check now"),
            _(
                "The public name servers are asked for the TXT record, which shows whose the host is, and where the"
                " host leads. With the right record the host is verified, and kept with your name and the time."
            ),
            _("Ask the name servers"),
            _check,
            _("The name servers are being asked. Reload this page in a few seconds."),
        ),
        Act(
            "primary",
            "platform.manage",
            _("Make primary"),
            _(
                "Links in new mails and texts will begin with this host. All hosts go on leading to the clinic."
            ),
            _("Make it primary"),
            _make_primary,
            _("This host is the clinic's primary one now."),
            offered=_is_secondary,
        ),
        Act(
            "release",
            "platform.manage",
            _("Release"),
            _(
                "The host stops leading to the clinic, at once, and links in earlier mails that begin with it stop"
                " working. Whoever shows that it is theirs may add it again."
            ),
            _("Release the domain"),
            _release,
            _("The domain is released."),
            danger=True,
        ),
    )

    @admin.display(description=_("primary"), boolean=False)
    def primary(self, row: CustomDomain) -> str:
        served = Domain.objects.filter(host=row.host, is_primary=True).exists()
        return str(_("yes") if served else _("no"))

    @admin.display(description=_("leads"), ordering="way")
    def leads(self, row: CustomDomain) -> str:
        return badge(row.get_way_display(), WAY_TONES[Way(row.way)]) if row.way else str(_("Not checked yet"))

    @admin.display(description=_("record"))
    def found(self, row: CustomDomain) -> str:
        if not row.finding:
            return str(_("Not checked yet"))
        tone = "success" if row.finding == Finding.PROVED else "warning"
        return badge(row.get_finding_display(), tone)

    @admin.display(description=_("what to do"))
    def advice(self, row: CustomDomain) -> str:
        if not row.checked_at:
            return str(_("Once the clinic has added the TXT record, check it here."))
        words = [TO_DO.get(Finding(row.finding)), WAY_TO_DO.get(Way(row.way))]
        told = [str(each) % {"platform": settings.PLATFORM_HOST} for each in words if each]
        return " ".join(told) or str(_("Nothing: the host is verified and leads here."))

    @admin.display(description=_("name of the record"))
    def record_name(self, row: CustomDomain) -> str:
        return row.record_name

    def _after(self, row: Any) -> str:
        return super()._after(row if row is not None and row.pk else None)
