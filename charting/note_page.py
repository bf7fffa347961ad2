"""What the note's card shows: the draft with what is typed, the other version after a conflict, or what is signed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.access import may
from accounts.actors import actor_for
from accounts.models import User
from ai import gateway, model
from ai.choices import choices_of
from audit.trail import note_read
from charting import queries
from charting.cosigning import REASONS, Reason
from charting.injections import read_map, say_open
from charting.models import (
    PART_LABELS,
    PARTS,
    AddendumKind,
    CoSignature,
    Encounter,
    Note,
    NoteTemplate,
    ReviewState,
)
from charting.notes import NO_TEMPLATE, Typed, missing, shown
from core.clock import local
from core.problems import Failure, failure


@dataclass(frozen=True)
class Trouble:
    """What a refused save or signature brings back to the page: what was typed, and why."""

    typed: Typed | None = None
    theirs: Note | None = None
    failures: Sequence[Failure] = field(default_factory=tuple)
    told: str = ""
    key: str = ""
    addendum: str = ""


def context(
    encounter: Encounter, note: Note | None, *, user: User, at: datetime, trouble: Trouble | None = None
) -> dict[str, Any]:
    trouble = trouble or Trouble()
    writes = may(user, "chart.write")
    base = {"encounter": encounter, "note": note, "writes": writes, "told": trouble.told}
    if note is None:
        return base | {"earlier": queries.last_note(encounter) if writes else None}
    note_read("note.opened", by=actor_for(user), on=note, patient=encounter.person.uid, alone=True)
    if note.is_signed:
        return base | _signed(note, user, at, trouble)
    return base | _draft(note, user, trouble)


def clock_words(moment: datetime) -> str:
    """11:41:08 am."""
    return date_format(moment, "g:i:s a")


def _draft(note: Note, user: User, trouble: Trouble) -> dict[str, Any]:
    typed = trouble.typed or Typed(note.parts, note.values)  # type: ignore[arg-type]
    act, waiting = gateway.open_draft(note.uid)
    charted = read_map(note.encounter)
    wrong = {each["field"]: each["message"] for each in trouble.failures if each["code"] != "required"}
    patient = note.encounter.person.uid
    choices = choices_of(staff=user.pk, patient=patient)
    return {
        "template": note.template,
        "templates": list(NoteTemplate.objects.current()),
        "parts": [_part(note, part, typed, trouble.theirs, waiting.get(part, ""), wrong) for part in PARTS],
        "fields": [
            _field(one, typed, trouble.theirs, wrong) for one in (note.template or NO_TEMPLATE).fields
        ],
        "revision": note.revision,
        "key": trouble.key or str(uuid4()),
        "theirs": trouble.theirs,
        "saved_clock": clock_words(local(note.saved_at, note.encounter.location.zone)),
        "missing": open_fields(note, typed, say_open(one.number for one in charted.without_lot)),
        "refused": trouble.failures,
        "may_sign": may(user, "chart.sign") and user.pk in {note.author_id, note.encounter.provider.user_id},
        "macros": queries.macros_for(user),
        "act": act,
        "by_rules": act is not None and act.by_rules,
        "choices": choices,
        "asks_model": model.is_configured() and all(choices.values()),
    }


def open_fields(note: Note, typed: Typed, unready: Sequence[str]) -> list[Failure]:
    """What keeps the note from being signed, in its own fields and in what is locked with it."""
    map_open = [failure("injections", "open", told) for told in unready]
    return missing(note.template, typed.parts, typed.values) + map_open


def _part(
    note: Note, part: str, typed: Typed, theirs: Note | None, draft: str, wrong: dict[str, str]
) -> dict[str, Any]:
    other = theirs.parts[part] if theirs is not None else None
    template = note.template or NO_TEMPLATE
    return {
        "name": part,
        "letter": part[0].upper(),
        "label": PART_LABELS[part],
        "text": typed.parts[part],
        "hint": template.hints.get(part, ""),
        "required": part in template.required,
        "theirs": other if other is not None and other != typed.parts[part] else None,
        "draft": draft,
        "wrong": wrong.get(part, ""),
    }


def _field(one: dict[str, Any], typed: Typed, theirs: Note | None, wrong: dict[str, str]) -> dict[str, Any]:
    value = typed.values.get(one["key"], "")
    other = theirs.values.get(one["key"], "") if theirs is not None else value
    return {
        **one,
        "name": f"answers.{one['key']}",
        "value": value,
        "theirs": _plain(other) or _("nothing") if other != value else None,
        "wrong": wrong.get(f"answers.{one['key']}", ""),
    }


def _plain(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)


def _signed(note: Note, user: User, at: datetime, trouble: Trouble) -> dict[str, Any]:
    review: CoSignature | None = getattr(note, "cosignature", None)
    own = user.pk in {note.author_id, note.signed_by_id}
    open_review = review is not None and review.state != ReviewState.COSIGNED
    addenda = list(note.addenda.select_related("author"))
    for one in addenda:
        one.note = note
    zone = note.encounter.location.zone
    return {
        "shown": note.answers.get("shown", []) or shown(note.template, note.values),
        "parts": [
            {"letter": part[0].upper(), "label": PART_LABELS[part], "text": note.parts[part]}
            for part in PARTS
            if note.parts[part]
        ],
        "intact": queries.is_intact(note),
        "hash": note.content_hash,
        "signed_at": local(note.signed_at, zone) if note.signed_at else None,
        "addenda": [
            {
                "row": one,
                "at": local(one.signed_at, zone),
                "returned": one.kind == AddendumKind.RETURNED,
            }
            for one in addenda
        ],
        "review": review,
        "reason": REASONS[Reason(review.reason)] if review else "",
        "review_due": local(review.due_at, zone) if review else None,
        "review_late": bool(review and open_review and review.due_at < at),
        "reviewed_at": local(review.decided_at, zone) if review and review.decided_at else None,
        "may_cosign": open_review and not own and may(user, "chart.cosign"),
        "typed_addendum": trouble.addendum,
        "failures": trouble.failures,
    }
