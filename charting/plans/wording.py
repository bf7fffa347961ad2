"""A plan as a patient reads it, and as it is sealed with what they decided: one text, in their language.

It is written in the small markup of consents.markup, so that a page and a paper show the same blocks.
"""

from collections.abc import Iterable

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from charting.plans.content import Content, Stage
from consents.paper import Paper, sealed_paper
from practice.profile import profile
from scheduling.patient_pages.words import price


def paper(content: Content, name: str, *, language: str) -> Paper:
    """What is shown to `name`, to be accepted as it stands: title, blank line, body."""
    with override(language):
        return sealed_paper(text(content, name), language)


def text(content: Content, name: str) -> str:
    known = profile()
    lines = [_plain(content.title), ""]
    offered = _("Offered by %(clinic)s to %(name)s.")
    lines.append(offered % {"clinic": known.legal_name or known.name, "name": _plain(name)})
    lines += [f"# {_('What it is for')}", *_lines(content.goal)]
    for number, stage in enumerate(content.stages, 1):
        lines += [f"# {number}. {_plain(stage.name)}", *_stage(stage, content.currency)]
    lines += [f"# {_('Estimate')}", *estimate(content)]
    if content.instructions:
        lines += [f"# {_('After your visits')}", *_lines(content.instructions)]
    lines += [
        f"# {_('What accepting means')}",
        _(
            "You would like to go ahead as it is written here. Accepting is no consent to a treatment: you are asked for"
            " that before each one. You may stop at any time, and if the plan changes we ask you again."
        ),
    ]
    return "\n".join(lines)


def estimate(content: Content) -> list[str]:
    """The sum, and what kind of a sum it is."""
    until = date_format(content.valid_until, "DATE_FORMAT")
    return [
        _("All stages together: %(total)s.") % {"total": price(content.total)},
        "",
        _(
            "This is an estimate, not a bill. Taxes are not included. It counts until %(until)s; what you are asked to"
            " pay is agreed at each visit, and can be less or more if your treatment changes."
        )
        % {"until": until},
    ]


def _stage(stage: Stage, currency: str) -> Iterable[str]:
    count = ngettext("%(n)d session", "%(n)d sessions", stage.sessions) % {"n": stage.sessions}
    yield f"- {count}"
    if interval := apart(stage):
        yield f"- {interval}"
    yield f"- {cost(stage, currency)}"
    yield from _lines(stage.notes)


def apart(stage: Stage) -> str:
    """How many days lie between two sessions; nothing where there is one, or where it does not matter."""
    if stage.sessions == 1 or not stage.best_days:
        return ""
    spans = {"least": _span(stage.least_days), "best": _span(stage.best_days)}
    if not stage.least_days or stage.least_days == stage.best_days:
        return _("About %(best)s apart") % spans
    return _("At least %(least)s apart, best %(best)s") % spans


def _span(days: int) -> str:
    """12 weeks, where it comes out even."""
    weeks, rest = divmod(days, 7)
    if weeks > 1 and not rest:
        return ngettext("%(n)d week", "%(n)d weeks", weeks) % {"n": weeks}
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}


def cost(stage: Stage, currency: str) -> str:
    one, together = price(stage.price(currency)), price(stage.total(currency))
    if stage.sessions == 1:
        return together
    return _("%(one)s a session, %(together)s together") % {"one": one, "together": together}


def _lines(text: str) -> list[str]:
    """As typed, a paragraph a line. A list may be written; a heading or a box would be ours, so it is not."""
    found: list[str] = []
    for line in text.split("\n"):
        plain = line.strip()
        found.append(plain if plain.startswith("- ") else _plain(plain))
        if plain and not plain.startswith("- "):
            found.append("")
    return ["", *found] if found else []


def _plain(text: str) -> str:
    return " ".join(text.split()).lstrip("#-[ ")
