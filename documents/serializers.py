"""The shapes in which the API gives out documents, and how it reads the form that brings one."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from core.problems import Failure, failure
from documents import fhir
from documents.models import Document, Kind
from documents.rules import Entry, read_entry


class DocumentInput(serializers.Serializer[Any]):
    """Described only: documents.api reads the form as it arrives. The fields come before the file."""

    patient = serializers.UUIDField()
    kind = serializers.ChoiceField(Kind.values)
    title = serializers.CharField(required=False, help_text="At most 120 characters; else its kind.")
    dated = serializers.DateField(required=False, help_text="The date on the paper.")
    file = serializers.FileField(
        help_text="A PDF, JPEG, PNG or WebP of at most 12 MiB, with nothing active in it."
    )


class RemovalInput(serializers.Serializer[Any]):
    reason = serializers.CharField(help_text="Why it goes; it is kept.")


class DocumentOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    patient = serializers.UUIDField()
    kind = serializers.ChoiceField(Kind.values)
    title = serializers.CharField()
    dated = serializers.DateField(allow_null=True)
    media_type = serializers.CharField()
    bytes = serializers.IntegerField()
    added_at = serializers.DateTimeField()
    from_patient = serializers.BooleanField()
    released_at = serializers.DateTimeField(allow_null=True)
    removed = serializers.BooleanField()
    content = serializers.CharField()
    fhir = serializers.DictField(help_text="The FHIR R5 DocumentReference.")


class DocumentPage(serializers.Serializer[Any]):
    results = DocumentOutput(many=True)
    next = serializers.CharField(allow_null=True)


def document_json(document: Document) -> dict[str, Any]:
    released = document.released_at
    return {
        "id": str(document.uid),
        "patient": str(document.person.uid),
        "kind": document.kind,
        "title": document.title,
        "dated": document.dated.isoformat() if document.dated else None,
        "media_type": document.media_type,
        "bytes": document.size,
        "added_at": document.added_at.isoformat(),
        "from_patient": document.from_patient,
        "released_at": released.isoformat() if released else None,
        "removed": document.removed_at is not None,
        "content": fhir.content_path(document),
        "fhir": fhir.resource(document),
    }


def read_fields(fields: QueryDict, *, today: date, kinds: Collection[str]) -> tuple[Entry, list[Failure]]:
    """What the form says, and everything that is wrong with it."""
    dated, text = None, fields.get("dated") or ""
    wrong: list[Failure] = []
    try:
        dated = date.fromisoformat(text) if text else None
    except ValueError:
        wrong.append(failure("dated", "invalid", _("Write a date as YYYY-MM-DD.")))
    entry, more = read_entry(
        fields.get("kind") or "", fields.get("title") or "", dated, today=today, kinds=kinds
    )
    return entry, more + wrong
