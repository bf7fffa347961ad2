"""Abstract models that other floors build on."""

from django.db import models

from core.ids import uuid7


class Outward(models.Model):
    """A row that is named outside: bigint inside, UUIDv7 in URLs and in the API."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)

    class Meta:
        abstract = True


class Keyed(models.Model):
    """The same with the UUIDv7 as its only key, for small tables that few others point to: one index instead of two."""

    uid = models.UUIDField(primary_key=True, default=uuid7, editable=False)

    class Meta:
        abstract = True
