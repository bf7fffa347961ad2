"""Abstract models that other floors build on."""

from django.db import models

from core.ids import uuid7


class Outward(models.Model):
    """A row that is named outside: bigint inside, UUIDv7 in URLs and in the API."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)

    class Meta:
        abstract = True
