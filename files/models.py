"""What every row about a sealed file holds; the sweep of the store asks each model that is made of it."""

from django.db import models

from core.ids import uuid7
from files.retention import Media


class SealedFile(models.Model):
    """A sealed file in the object store. Its `uid` is what the container is bound to; its key says nothing."""

    uid = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    object_key = models.CharField(max_length=100)
    media_type = models.CharField(max_length=20)
    size = models.PositiveIntegerField()  # in clear
    sealed_size = models.PositiveIntegerField()
    sealed_sha256 = models.BinaryField(max_length=32)

    class Meta:
        abstract = True


class PassingFile(SealedFile):
    """A sealed file with a last day: it cannot be stored without one, and `files.tasks.purge_passed` removes it after."""

    media = models.CharField(max_length=10, choices=[(each.value, each.value) for each in Media])
    purge_on = models.DateField()

    class Meta:
        abstract = True
