"""What a note is written with: templates with their structured fields, and macros."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.ids import uuid7
from core.models import Outward
from core.tables import Holder, Retention, TableClass


class FieldKind(models.TextChoices):
    TEXT = "text", _("Text")
    NUMBER = "number", _("Number")
    CHOICE = "choice", _("One of a list")
    CHECKLIST = "checklist", _("Checklist")


class NoteTemplateQuerySet(models.QuerySet["NoteTemplate"]):
    def current(self) -> "NoteTemplateQuerySet":
        return self.filter(is_current=True, archived_at=None)


class NoteTemplate(Outward):
    """One version of a template: a change makes the next one, so that a signed note keeps what it was written with.

    `definition`: {"required": [parts], "hints": {part: text}, "fields": [{key, label, kind, unit, options, required}]}
    """

    table_class = TableClass.ORDINARY
    holder = Holder.CLINIC
    retention = Retention.CLINICAL

    family = models.UUIDField(default=uuid7, editable=False)
    version = models.PositiveIntegerField(default=1)
    name = models.CharField(max_length=80)
    services = ArrayField(models.UUIDField(), default=list, blank=True)  # none: for every service
    definition = models.JSONField(default=dict)
    is_current = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    objects = NoteTemplateQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["family", "version"], name="charting_template_version"),
            models.UniqueConstraint(
                fields=["family"], condition=models.Q(is_current=True), name="charting_template_current"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"

    @property
    def required(self) -> list[str]:
        return list(self.definition.get("required", []))

    @property
    def hints(self) -> dict[str, str]:
        return dict(self.definition.get("hints", {}))

    @property
    def fields(self) -> list[dict[str, Any]]:
        return list(self.definition.get("fields", []))


class Macro(Outward):
    """A shortcut and what it stands for: somebody's own, or the clinic's."""

    table_class = TableClass.ORDINARY
    holder = Holder.STAFF
    retention = Retention.ACCOUNT

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", null=True, db_index=False
    )
    shortcut = models.CharField(max_length=24)
    text = models.TextField(max_length=2000)

    class Meta:
        ordering = ["shortcut"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "shortcut"], name="charting_macro_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"/{self.shortcut}"

    def is_of(self, user_id: UUID) -> bool:
        return self.owner_id == user_id
