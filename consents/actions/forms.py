"""Forms are written as drafts, and published: from then on that text stands for good."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from audit.actors import Actor
from audit.trail import record
from consents import markup, rules
from consents.models import Asked, ConsentForm, ConsentVersion, FormKind, ServiceConsent, Signer
from core.problems import Conflict, Failure, Invalid, failure
from core.text import TextProblem, clean_text
from practice.models import Service

LONGEST_NAME: Final = 120
LONGEST_VALID: Final = 120
FIELDS: Final = ("name", "asked", "signer", "needs_drawing")
SHARED: Final = (
    "en"  # every text has at least this language, which is also what a reader gets where theirs is missing
)


@transaction.atomic
def create_form(
    *,
    kind: str,
    name: str,
    by: Actor,
    asked: str = Asked.SERVICES,
    signer: str = Signer.PATIENT,
    needs_drawing: bool = True,
) -> ConsentForm:
    """A form without a text yet; nobody is asked for it before a version is published."""
    form = ConsentForm(kind=kind, position=_last_position() + 1)
    failures = _fill(form, {"name": name, "asked": asked, "signer": signer, "needs_drawing": needs_drawing})
    if kind not in FormKind.values:
        failures.append(failure("kind", "unknown", _("Choose one of the list.")))
    if kind == FormKind.NPP and ConsentForm.objects.in_use().filter(kind=kind).exists():
        told = _("There is a Notice of Privacy Practices already: publish a new version of it.")
        failures.append(failure("kind", "already", told))
    if failures:
        raise Invalid(errors=failures)
    form.save()
    record("consent_form.created", by=by, on=form, detail={"kind": kind, "name": form.name})
    return form


@transaction.atomic
def update_form(form: ConsentForm, *, by: Actor, **fields: Any) -> ConsentForm:
    """Who is asked and how it is signed; what was signed stays as it was."""
    form = _locked(form)
    if failures := _fill(form, fields):
        raise Invalid(errors=failures)
    form.revision += 1
    form.save()
    record("consent_form.updated", by=by, on=form, detail={"fields": sorted(fields)})
    return form


@transaction.atomic
def save_draft(
    form: ConsentForm,
    *,
    texts: Mapping[str, Mapping[str, str]],
    valid_months: int | None,
    asks_again: bool,
    by: Actor,
    revision: int | None = None,
) -> ConsentForm:
    """What is being written. `revision` is that of the page it comes from: Conflict where somebody else wrote since."""
    form = _locked(form)
    _same_revision(form, revision)
    clean, failures = _texts(form, texts)
    if valid_months is not None and not 1 <= valid_months <= LONGEST_VALID:
        told = _("Give a whole number of months from 1 to %(most)d, or leave it empty.")
        failures.append(failure("valid_months", "out_of_range", told % {"most": LONGEST_VALID}))
    if failures:
        raise Invalid(errors=failures)
    form.draft = {"texts": clean, "valid_months": valid_months, "asks_again": asks_again}
    form.revision += 1
    form.save(update_fields=["draft", "revision"])
    record("consent_form.drafted", by=by, on=form)
    return form


@transaction.atomic
def discard_draft(form: ConsentForm, *, by: Actor) -> None:
    form = _locked(form)
    if form.draft is not None:
        form.draft, form.revision = None, form.revision + 1
        form.save(update_fields=["draft", "revision"])
        record("consent_form.draft_discarded", by=by, on=form)


@transaction.atomic
def publish(form: ConsentForm, *, by: Actor, at: datetime, revision: int | None = None) -> ConsentVersion:
    """The draft becomes the next version, which nobody can change any more; from now on it is what is signed."""
    form = _locked(form)
    _same_revision(form, revision)
    if form.draft is None:
        raise Conflict(_("There is no draft to publish: it was published or thrown away meanwhile."))
    texts, failures = _texts(form, form.draft["texts"])
    if failures:
        raise Invalid(errors=failures)
    last = form.versions.aggregate(last=Max("number"))["last"] or 0
    version = ConsentVersion.objects.create(
        form=form,
        number=last + 1,
        texts=texts,
        text_hash=rules.digest(texts),
        valid_months=form.draft["valid_months"],
        asks_again=form.draft["asks_again"] or not last,
        published_at=at,
        published_by=str(by),
    )
    form.draft, form.revision = None, form.revision + 1
    form.save(update_fields=["draft", "revision"])
    detail = {"number": version.number, "texts_sha256": version.text_hash.hex()}
    record("consent_form.published", by=by, on=version, detail=detail, at=at)
    return version


@transaction.atomic
def attach(form: ConsentForm, services: Iterable[Service], *, by: Actor) -> None:
    """Exactly these services ask for the form."""
    wanted = list(services)
    ServiceConsent.objects.filter(form=form).exclude(service__in=wanted).delete()
    ServiceConsent.objects.bulk_create(
        [ServiceConsent(form=form, service=service) for service in wanted], ignore_conflicts=True
    )
    named = sorted(str(service.uid) for service in wanted)
    record("consent_form.attached", by=by, on=form, detail={"services": named})


@transaction.atomic
def archive_form(form: ConsentForm, *, by: Actor, at: datetime) -> None:
    """Nobody is asked for it any more; what was signed stays with the patients."""
    if form.archived_at is None:
        form.archived_at = at
        form.save(update_fields=["archived_at"])
        record("consent_form.archived", by=by, on=form, at=at)


def restore_form(form: ConsentForm, *, by: Actor) -> None:
    if form.archived_at is None:
        return
    form.archived_at = None
    try:
        with transaction.atomic():
            form.save(update_fields=["archived_at"])
            record("consent_form.restored", by=by, on=form)
    except IntegrityError:
        told = _("Another Notice of Privacy Practices is in force. Archive that one first.")
        raise Conflict(told) from None


def _locked(form: ConsentForm) -> ConsentForm:
    return ConsentForm.objects.select_for_update(no_key=True).get(pk=form.pk)


def _same_revision(form: ConsentForm, revision: int | None) -> None:
    if revision is not None and revision != form.revision:
        raise Conflict(
            _("Somebody else changed this form meanwhile. Your text is still here: compare, then save again.")
        )


def _last_position() -> int:
    return ConsentForm.objects.aggregate(last=Max("position"))["last"] or 0


def _fill(form: ConsentForm, fields: Mapping[str, Any]) -> list[Failure]:
    failures: list[Failure] = []
    choices = {"asked": Asked.values, "signer": Signer.values}
    for name, value in fields.items():
        if name not in FIELDS:
            raise TypeError(f"a form has no writable {name}")
        if name in choices and value not in choices[name]:
            failures.append(failure(name, "unknown", _("Choose one of the list.")))
        elif name == "name":
            value = _name(value, failures)
        setattr(form, name, value)
    return failures


def _name(value: str, failures: list[Failure]) -> str:
    try:
        value = clean_text(value, LONGEST_NAME)
    except TextProblem as problem:
        failures.append(failure("name", problem.code, problem.message))
        return ""
    if not value:
        failures.append(failure("name", "missing", _("Give the form a name.")))
    return value


def _texts(
    form: ConsentForm, texts: Mapping[str, Mapping[str, str]]
) -> tuple[dict[str, dict[str, str]], list[Failure]]:
    """Each language that has anything, checked; English is always there."""
    words = markup.WORDS_OF_A_NOTICE if form.kind == FormKind.NPP else markup.WORDS
    clean: dict[str, dict[str, str]] = {}
    failures: list[Failure] = []
    for language, _label in settings.LANGUAGES:
        text = texts.get(language, {})
        title, body = text.get("title", ""), text.get("body", "")
        if language != SHARED and not title.strip() and not body.strip():
            continue
        clean[language], wrong = markup.read(title, body, language=language, words=words)
        failures += wrong
    return clean, failures + ([] if failures else _same_boxes(clean))


def _same_boxes(texts: Mapping[str, Mapping[str, str]]) -> list[Failure]:
    """A translation asks for the same ticks, or two people would sign different things under one version."""
    marks = {
        language: [box.required for box in markup.boxes_of(markup.parse(text["body"]))]
        for language, text in texts.items()
    }
    told = _(
        "This translation must have the same statements to tick, in the same order, as the English text."
    )
    return [
        failure(f"body_{language}", "other_boxes", told)
        for language, found in marks.items()
        if found != marks[SHARED]
    ]
