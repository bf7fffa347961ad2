"""How a clinic writes its notes: templates in versions, macros, and whose notes a supervisor sees."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.actors import Actor
from audit.trail import record
from charting.models import PARTS, FieldKind, Macro, NoteTemplate, SamplingRule
from core.ids import uuid7
from core.problems import Conflict, Failure, Invalid, failure
from core.text import TextProblem, clean_text
from practice.models import Provider

SHORTCUT: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,23}")
MOST_FIELDS: Final = 40
MOST_OPTIONS: Final = 30


@transaction.atomic
def save_template(
    before: NoteTemplate | None,
    *,
    name: str,
    services: Iterable[UUID],
    definition: Mapping[str, Any],
    by: Actor,
    at: datetime,
) -> NoteTemplate:
    """The first version, or the next one: the earlier ones stay with the notes that were written with them."""
    failures: list[Failure] = []
    name = _clean("name", name, 80, failures, required=True)
    checked = _definition(definition, failures)
    wanted = sorted(set(services))
    failures += _taken(wanted, before)
    if failures:
        raise Invalid(errors=failures)
    family, version = uuid7(), 1
    if before is not None:
        rows = NoteTemplate.objects.select_for_update().filter(family=before.family, is_current=True)
        last = rows.get()
        if last.pk != before.pk:
            raise Conflict(_("Somebody else has changed this template. Open it again."))
        rows.update(is_current=False)
        family, version = last.family, last.version + 1
    row = NoteTemplate.objects.create(
        family=family, version=version, name=name, services=wanted, definition=checked, created_at=at
    )
    record("template.saved", by=by, on=row, detail={"name": name, "version": version}, at=at)
    return row


@transaction.atomic
def archive_template(row: NoteTemplate, *, archived: bool, by: Actor, at: datetime) -> None:
    """Out of use, or back; notes that were written with it stay as they are."""
    if not archived and (failures := _taken(row.services, row)):
        raise Invalid(errors=failures)
    row.archived_at = at if archived else None
    row.save(update_fields=["archived_at"])
    record("template.archived" if archived else "template.restored", by=by, on=row, at=at)


@transaction.atomic
def save_macro(
    row: Macro | None, *, shortcut: str, text: str, owner: User | None, by: Actor, at: datetime
) -> Macro:
    failures: list[Failure] = []
    shortcut = shortcut.strip().removeprefix("/").lower()
    if not SHORTCUT.fullmatch(shortcut):
        told = _("Use up to 24 small letters, digits and hyphens.")
        failures.append(failure("shortcut", "invalid", told))
    text = _clean("text", text, 2000, failures, required=True, multiline=True)
    same = Macro.objects.filter(owner=owner, shortcut=shortcut).exclude(pk=row.pk if row else 0)
    if not failures and same.exists():
        failures.append(failure("shortcut", "taken", _("This shortcut stands for something already.")))
    if failures:
        raise Invalid(errors=failures)
    row = row or Macro(owner=owner)
    row.shortcut, row.text = shortcut, text
    row.save()
    record("macro.saved", by=by, on=row, detail={"shortcut": shortcut}, at=at)
    return row


@transaction.atomic
def delete_macro(row: Macro, *, by: Actor, at: datetime) -> None:
    record("macro.deleted", by=by, on=row, detail={"shortcut": row.shortcut}, at=at)
    row.delete()


@transaction.atomic
def save_rule(
    provider: Provider | None,
    *,
    percent: int,
    services: Iterable[UUID],
    first_months: int,
    since: date | None,
    days: int,
    by: Actor,
    at: datetime,
) -> SamplingRule:
    failures = []
    for name, value, least, most in (
        ("percent", percent, 0, 100),
        ("first_months", first_months, 0, 60),
        ("days", days, 1, 90),
    ):
        if not least <= value <= most:
            told = _("Give a whole number from %(least)d to %(most)d.") % {"least": least, "most": most}
            failures.append(failure(name, "invalid", told))
    if first_months and since is None:
        failures.append(failure("since", "required", _("Say from when the months count.")))
    if failures:
        raise Invalid(errors=failures)
    values = {
        "percent": percent,
        "services": sorted(set(services)),
        "first_months": first_months,
        "since": since,
        "days": days,
    }
    row, _made = SamplingRule.objects.update_or_create(provider=provider, defaults=values)
    record("cosign_rule.saved", by=by, on=row, detail=values, at=at)
    return row


@transaction.atomic
def delete_rule(row: SamplingRule, *, by: Actor, at: datetime) -> None:
    record("cosign_rule.deleted", by=by, on=row, at=at)
    row.delete()


def _taken(services: Iterable[UUID], before: NoteTemplate | None) -> list[Failure]:
    """A service has one template, so that the note can choose it by itself."""
    others = NoteTemplate.objects.current()
    if before is not None:
        others = others.exclude(family=before.family)
    wanted = set(services)
    names = sorted({one.name for one in others if wanted & set(one.services)})
    if not names:
        return []
    told = _("One of these services already has the template %(name)s.") % {"name": names[0]}
    return [failure("services", "taken", told)]


def _definition(given: Mapping[str, Any], failures: list[Failure]) -> dict[str, Any]:
    required = [part for part in PARTS if part in given.get("required", [])]
    hints = given.get("hints", {})
    kept = {part: _clean(part, str(hints.get(part, "")), 200, failures) for part in PARTS if hints.get(part)}
    rows = list(given.get("fields", []))
    if len(rows) > MOST_FIELDS:
        told = _("A template has at most %(most)d fields.") % {"most": MOST_FIELDS}
        failures.append(failure("fields", "too_many", told))
    fields = [_field(place, one, failures) for place, one in enumerate(rows[:MOST_FIELDS])]
    labels = [one["label"].casefold() for one in fields]
    if len(set(labels)) < len(labels):
        failures.append(failure("fields", "twice", _("Two fields have the same label.")))
    return {"required": required, "hints": kept, "fields": fields}


def _field(place: int, one: Mapping[str, Any], failures: list[Failure]) -> dict[str, Any]:
    name = f"fields.{place}"
    label = _clean(name, str(one.get("label", "")), 80, failures, required=True)
    kind = str(one.get("kind", ""))
    if kind not in FieldKind.values:
        failures.append(failure(name, "invalid", _("Choose a kind of the list.")))
    options = [_clean(name, str(each), 80, failures) for each in one.get("options", [])]
    options = list(dict.fromkeys(each for each in options if each))
    if kind in {FieldKind.CHOICE, FieldKind.CHECKLIST} and not 1 <= len(options) <= MOST_OPTIONS:
        told = _("%(label)s: name between 1 and %(most)d options.") % {"label": label, "most": MOST_OPTIONS}
        failures.append(failure(name, "invalid", told))
    return {
        "key": str(one.get("key") or "") or uuid7().hex,
        "label": label,
        "kind": kind,
        "unit": _clean(name, str(one.get("unit", "")), 20, failures) if kind == FieldKind.NUMBER else "",
        "options": options,
        "required": bool(one.get("required")),
    }


def _clean(
    name: str,
    value: str,
    longest: int,
    failures: list[Failure],
    *,
    required: bool = False,
    multiline: bool = False,
) -> str:
    try:
        text = clean_text(value, longest, multiline=multiline)
    except TextProblem as problem:
        failures.append(failure(name, problem.code, problem.message))
        return ""
    if required and not text:
        failures.append(failure(name, "required", _("Write something here.")))
    return text
