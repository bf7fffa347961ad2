"""The gateway: every opt-out, the ledger, what goes out and what comes back, and a model in trouble."""

from datetime import UTC, datetime

import pytest
from django.db import Error, connection, transaction

from accounts.actors import actor_for
from ai import choices, drafts, gateway, model
from ai.models import Act, Decision, Of, Outcome, Verdict
from ai.prompts import NOTE_DRAFT, PROMPTS
from core.ids import uuid7
from tenants.context import enter
from tests.cast import BY

AT = datetime(2026, 3, 3, 17, 30, tzinfo=UTC)
INPUTS = drafts.NoteInputs(
    service="Botox",
    facts={"objective": ("Glabella 20 u, lot C6184",)},
    written={"subjective": "Wants the frown softened."},
)


def allow(*, clinic=True, staff=None, patient=None, cast=None):
    choices.choose(Of.CLINIC, None, allowed=clinic, by=BY, at=AT)
    if staff is not None:
        choices.choose(Of.STAFF, cast.users["provider"].pk, allowed=staff, by=BY, at=AT)
    if patient is not None:
        choices.choose(Of.PATIENT, cast.pat.uid, allowed=patient, by=BY, at=AT)


def ask(cast, inputs=INPUTS, **more):
    user = cast.users["provider"]
    return gateway.draft_note(inputs, subject=cast.pat.uid, about=uuid7(), user=user, at=AT, **more)


@pytest.mark.promise("P52")
def test_a_draft_by_the_model_stands_in_the_ledger(glow, sandbox):
    with enter(glow.clinic):
        allow()
        act = Act.objects.get(pk=ask(glow.cast).pk)
        assert (act.purpose, act.model, act.prompt_version) == ("note.draft", "sandbox-notes", "note-draft/1")
        assert act.outcome == Outcome.ANSWERED
        assert len(act.inputs_hash) == 32
        assert act.input_tokens > 0 < act.output_tokens
        assert act.output["objective"] == "Glabella 20 u, lot C6184"
        assert "subjective" not in act.output, "what is written is not drafted again"
        assert act.asked_by_id == glow.cast.users["provider"].pk
        again = ask(glow.cast)
        assert again.inputs_hash == act.inputs_hash


@pytest.mark.promise("P52")
@pytest.mark.parametrize(
    "said",
    [{"clinic": False}, {"staff": False}, {"patient": False}, {"staff": False, "patient": False}],
    ids=["clinic", "staff", "patient", "both"],
)
def test_whoever_says_no_no_model_is_asked(glow, sandbox, said, monkeypatch):
    monkeypatch.setattr(model, "ask", lambda *_: pytest.fail("a model was asked"))
    with enter(glow.clinic):
        allow(cast=glow.cast, **said)
        act = ask(glow.cast)
        assert act.by_rules
        assert act.output == {"objective": "Glabella 20 u, lot C6184"}


def test_off_until_somebody_switches_it_on(glow, sandbox, monkeypatch):
    monkeypatch.setattr(model, "ask", lambda *_: pytest.fail("a model was asked"))
    with enter(glow.clinic):
        assert ask(glow.cast).by_rules
        assert not choices.clinic_allows()


def test_without_a_key_the_rules_draft(glow, settings, monkeypatch):
    settings.AI_API_KEY = ""
    monkeypatch.setattr(model, "ask", lambda *_: pytest.fail("a model was asked"))
    with enter(glow.clinic):
        allow()
        assert ask(glow.cast).by_rules


@pytest.mark.parametrize(
    ("trouble", "problem"),
    [
        ({"status": 500}, "unreachable"),
        ({"status": 429}, "refused"),
        ({"status": 401}, "refused"),
        ({"reset": True}, "unreachable"),
        ({"hang_seconds": 2}, "slow"),
    ],
    ids=["500", "429", "401", "reset", "hang"],
)
def test_a_model_in_trouble_is_told_and_kept(glow, sandbox, trouble, problem, monkeypatch):
    monkeypatch.setattr(model, "TIMEOUT", 0.3)
    model._agent.cache_clear()
    sandbox.post("/simulate/fault", {"provider": "openai", "times": 3, **trouble})
    with enter(glow.clinic):
        allow()
        with pytest.raises(gateway.NoDraft) as told:
            ask(glow.cast)
        assert "The note is as it was." in str(told.value.detail)
        act = Act.objects.latest("at", "id")
        assert (act.outcome, act.problem, act.output) == (Outcome.FAILED, problem, {})
    model._agent.cache_clear()


def test_garbage_is_no_draft(glow, sandbox, settings):
    settings.AI_MODEL = "sandbox-garbage"
    with enter(glow.clinic):
        allow()
        with pytest.raises(gateway.NoDraft, match="no-draft"):
            ask(glow.cast)
        assert Act.objects.latest("at", "id").problem == "unreadable"


@pytest.mark.parametrize("picture", [b"\xff\xd8\xff", {"type": "image_url"}, None, 7, ["x"]])
def test_nothing_but_text_reaches_a_model(picture):
    with pytest.raises(TypeError):
        drafts.NoteInputs(service="Botox", written={"plan": picture})
    with pytest.raises(TypeError):
        drafts.NoteInputs(service="Botox", facts={"plan": (picture,)})
    with pytest.raises(TypeError):
        model.ask("words", picture)


def test_the_first_decision_counts_and_nothing_of_the_ledger_changes(glow):
    with enter(glow.clinic):
        act, user = ask(glow.cast), glow.cast.users["provider"]
        gateway.decide(act, "objective", Decision.USED, user=user, at=AT)
        with pytest.raises(gateway.Decided):
            gateway.decide(act, "objective", Decision.DISMISSED, user=user, at=AT)
        assert Verdict.objects.get(act=act).decision == Decision.USED
        for sql in ("UPDATE ai_act SET model = 'x'", "DELETE FROM ai_verdict", "DELETE FROM ai_act"):
            with pytest.raises(Error, match="permission denied"), transaction.atomic():
                connection.cursor().execute(sql)


def test_a_choice_is_in_the_trail(glow):
    from audit.models import Event

    with enter(glow.clinic):
        choices.choose(Of.PATIENT, glow.cast.pat.uid, allowed=False, by=actor_for(glow.cast.owner), at=AT)
        assert Event.objects.filter(verb="ai.choice_made", patient_id=glow.cast.pat.uid).exists()
        with pytest.raises(ValueError, match="no subject"):
            choices.choose(Of.CLINIC, glow.cast.pat.uid, allowed=True, by=BY, at=AT)


def test_the_words_of_a_version_do_not_change():
    """A changed prompt is a new version: this is the fingerprint of the first."""
    import hashlib

    assert PROMPTS["note-draft/1"] is NOTE_DRAFT
    assert hashlib.sha256(NOTE_DRAFT.words.encode()).hexdigest()[:16] == "a525df0e6b9fe08c"
