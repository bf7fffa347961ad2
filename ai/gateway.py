"""The door: every question to a model passes here, with its opt-outs before and its line in the ledger after.

Do not call it inside a transaction: the model may take seconds, and the ledger keeps what was asked whatever comes
after.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actors import actor_for
from accounts.models import User
from ai import choices, drafts, model
from ai.models import Act, Decision, Outcome, Verdict
from ai.prompts import NOTE_DRAFT
from audit.trail import record
from core.problems import Conflict, Unavailable
from vault.blind import blind_index

RULES: Final = "rules/1"
WORDS: Final = {
    "unreachable": _("The model cannot be reached."),
    "slow": _("The model took too long."),
    "refused": _("The model refused the question."),
    "unreadable": _("The model answered something that is not a note."),
}


class NoDraft(Unavailable):
    """The model gave nothing that can be used. The note is untouched; the rules can still fill it."""

    type = "no-draft"
    title = _("There is no draft this time")

    def __init__(self, problem: str) -> None:
        super().__init__(_("%(why)s The note is as it was.") % {"why": WORDS[problem]})


class Decided(Conflict):
    type = "draft-decided"
    title = _("Somebody has decided about this draft already")


def would_ask_model(*, staff: User, patient: UUID) -> bool:
    """Whether a draft would come from a model; otherwise the rules make it."""
    return model.is_configured() and choices.who_said_no(staff=staff.pk, patient=patient) is None


def draft_note(
    inputs: drafts.NoteInputs,
    *,
    subject: UUID,
    about: UUID,
    user: User,
    at: datetime,
    rules_only: bool = False,
) -> Act:
    """A draft of the parts that say nothing yet: by the model where everybody wants it, else by the rules.

    It is no part of the note until somebody uses it (`decide`). NoDraft when the model fails; the ledger has that too.
    """
    text = inputs.as_text()[: drafts.MOST_INPUT]
    if rules_only or not would_ask_model(staff=user, patient=subject):
        filled = drafts.by_rules(inputs)
        return _keep(
            text, model.Answer(filled, 0, 0), by=RULES, subject=subject, about=about, user=user, at=at
        )
    name = settings.AI_MODEL
    try:
        answer = model.ask(NOTE_DRAFT.words, text)
    except model.ModelFailed as failed:
        _keep(text, None, failed.problem, by=name, subject=subject, about=about, user=user, at=at)
        raise NoDraft(failed.problem) from None
    wanted = {part: said for part, said in answer.parts.items() if said and part in inputs.wanted}
    kept = model.Answer(wanted, answer.input_tokens, answer.output_tokens)
    return _keep(text, kept, by=name, subject=subject, about=about, user=user, at=at)


@transaction.atomic
def decide(act: Act, part: str, decision: Decision, *, user: User, at: datetime) -> Verdict:
    """A person uses or dismisses one part of a draft; Decided when somebody was faster."""
    row, made = Verdict.objects.get_or_create(
        act=act, part=part, defaults={"decision": decision, "at": at, "by": user}
    )
    if not made:
        raise Decided
    detail = {"part": part, "decision": str(decision)}
    record("ai.draft_decided", by=actor_for(user), on=act, patient=act.subject, detail=detail, at=at)
    return row


def open_draft(about: UUID) -> tuple[Act | None, dict[str, str]]:
    """The newest draft and those of its parts that nobody has decided about."""
    act = Act.objects.filter(about=about, outcome=Outcome.ANSWERED).order_by("-at").first()
    if act is None:
        return None, {}
    decided = set(Verdict.objects.filter(act=act).values_list("part", flat=True))
    waiting = {part: text for part, text in act.output.items() if part not in decided}
    return act, waiting


@transaction.atomic
def _keep(
    text: str,
    answer: model.Answer | None,
    problem: str = "",
    *,
    by: str,
    subject: UUID,
    about: UUID,
    user: User,
    at: datetime,
) -> Act:
    act = Act.objects.create(
        at=at,
        purpose=NOTE_DRAFT.purpose,
        model=by,
        prompt_version="" if by == RULES else NOTE_DRAFT.version,
        inputs_hash=blind_index("ai_inputs", text).hex(),
        outcome=Outcome.ANSWERED if answer else Outcome.FAILED,
        problem=problem,
        output=answer.parts if answer else {},
        input_tokens=answer.input_tokens if answer else 0,
        output_tokens=answer.output_tokens if answer else 0,
        asked_by=user,
        subject=subject,
        about=about,
    )
    record("ai.asked", by=actor_for(user), on=act, patient=subject, detail={"model": by}, at=at)
    return act
