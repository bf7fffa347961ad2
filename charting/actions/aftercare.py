"""Texts for the days after a treatment: published in versions, attached to services. What was published is kept."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.actors import Actor
from audit.trail import record
from charting import words
from charting.aftercare.starters import STARTERS
from charting.models import AftercareText
from consents import markup
from core.problems import Conflict, Failure, Invalid, failure
from practice.models import Service
from practice.queries import services_in_use

LONGEST_NAME: Final = 80
BLANKS: Final = frozenset({"clinic", "phone"})
SHARED: Final = "en"
Texts = Mapping[str, Mapping[str, str]]


class TextChanged(Conflict):
    type = "changed-meanwhile"
    title = _("Somebody published another version meanwhile")
    default_detail = _("Your text is still here: compare, then publish again.")


@transaction.atomic
def publish_aftercare(
    before: AftercareText | None,
    *,
    name: str,
    services: Iterable[UUID],
    texts: Texts,
    by: Actor,
    at: datetime,
) -> AftercareText:
    """The first version, or the next one where the words changed; a name and services alone make no version.

    `before` is the version that was shown: another one since then refuses the change.
    """
    wrong: list[Failure] = []
    name = " ".join(words.take("name", name, LONGEST_NAME, wrong, missing=_("Give the text a name.")).split())
    clean = checked(texts, wrong)
    wanted = sorted(set(services))
    wrong += _taken(wanted, before)
    if wrong:
        raise Invalid(errors=wrong)
    if before is None:
        row = _publish(name, wanted, clean, by=by, at=at)
    else:
        last = _last(before)
        if last.texts == clean:
            last.name, last.services = name, wanted
            last.save(update_fields=["name", "services"])
            record("aftercare_text.changed", by=by, on=last, detail={"name": name}, at=at)
            return last
        last.is_current = False
        last.save(update_fields=["is_current"])
        row = _publish(name, wanted, clean, after=last, by=by, at=at)
    detail = {"name": name, "version": row.version}
    record("aftercare_text.published", by=by, on=row, detail=detail, at=at)
    return row


@transaction.atomic
def add_aftercare_starter(key: str, *, by: Actor, at: datetime) -> AftercareText:
    """One of ours, attached to the services that it fits and that have no text yet."""
    starter = STARTERS[key]
    taken = {uid for row in AftercareText.objects.current() for uid in row.services}
    fits = [one.uid for one in services_in_use() if starter.suits(one) and one.uid not in taken]
    return publish_aftercare(None, name=starter.name, services=fits, texts=starter.texts, by=by, at=at)


@transaction.atomic
def archive_aftercare(row: AftercareText, *, archived: bool, by: Actor, at: datetime) -> AftercareText:
    """Given out no more, or again; what patients were given stays with them."""
    last = _last(row)
    if not archived and (wrong := _taken(last.services, last)):
        raise Invalid(errors=wrong)
    last.archived_at = at if archived else None
    last.save(update_fields=["archived_at"])
    verb = "aftercare_text.archived" if archived else "aftercare_text.restored"
    record(verb, by=by, on=last, detail={"name": last.name}, at=at)
    return last


def checked(texts: Texts, wrong: list[Failure]) -> dict[str, dict[str, str]]:
    """Each language that has anything; English is always there, and nothing is to be ticked in it."""
    clean: dict[str, dict[str, str]] = {}
    for language, _label in settings.LANGUAGES:
        given = texts.get(language, {})
        title, body = given.get("title", ""), given.get("body", "")
        if language != SHARED and not title.strip() and not body.strip():
            continue
        clean[language], found = markup.read(title, body, language=language, words=BLANKS)
        wrong += found
        if not found and markup.boxes_of(markup.parse(clean[language]["body"])):
            told = _("Nothing can be ticked here: write it as a list, with - in front.")
            wrong.append(failure(f"body_{language}", "box", told))
    return clean


def _publish(
    name: str,
    services: list[UUID],
    texts: dict[str, dict[str, str]],
    *,
    by: Actor,
    at: datetime,
    after: AftercareText | None = None,
) -> AftercareText:
    row = AftercareText(name=name, services=services, texts=texts, published_at=at, published_by=str(by))
    if after is not None:
        row.family, row.version, row.archived_at = after.family, after.version + 1, after.archived_at
    row.save(force_insert=True)
    return row


def _last(row: AftercareText) -> AftercareText:
    """The version in force, locked; refused where it is another than the one that was shown."""
    last = AftercareText.objects.select_for_update().filter(family=row.family, is_current=True).first()
    if last is None or last.pk != row.pk:  # none: whoever held it has just published the next
        raise TextChanged
    return last


def _taken(services: list[UUID], row: AftercareText | None) -> list[Failure]:
    """A treatment has one text: the patient would not know which of two to follow."""
    others = AftercareText.objects.current().filter(services__overlap=services)
    if row is not None:
        others = others.exclude(family=row.family)
    names = {one.uid: one.name for one in Service.objects.filter(uid__in=services)}
    found = [
        (names[uid], other.name)
        for other in others
        for uid in other.services
        if uid in services and uid in names
    ]
    told = _("%(service)s has a text already: %(text)s.")
    return [
        failure("services", "taken", told % {"service": service, "text": text}) for service, text in found
    ]
