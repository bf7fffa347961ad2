"""The nouns: protocols say which angles are taken, a set is one sitting, a photo one angle of it, an image its file."""

from typing import Final
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.models import Outward
from core.tables import Holder, Retention, TableClass
from files.models import SealedFile
from patients.models import Person
from practice.models import Service
from vault.fields import SealedJSONField, SealedTextField


class Angle(models.TextChoices):
    FRONT = "front", _("Front")
    LEFT_45 = "left_45", _("Left, 45°")
    LEFT = "left", _("Left")
    RIGHT_45 = "right_45", _("Right, 45°")
    RIGHT = "right", _("Right")
    BACK = "back", pgettext_lazy("of a photo", "Back")
    CLOSE_UP = "close_up", _("Close-up of the area")
    MOVED = "moved", _("In motion: brows up, smile")


FACE: Final = (Angle.FRONT, Angle.LEFT_45, Angle.LEFT, Angle.RIGHT_45, Angle.RIGHT)
AREA: Final = (Angle.CLOSE_UP, Angle.FRONT)


class Stage(models.TextChoices):
    BEFORE = "before", pgettext_lazy("of a photo", "Before")
    AFTER = "after", pgettext_lazy("of a photo", "After")
    FOLLOW_UP = "follow_up", _("Follow-up")


class Protocol(Outward):
    """The angles that are taken for a service, in their order; without one, photos.rules has the angles."""

    table_class = TableClass.ORDINARY
    holder = Holder.CLINIC
    retention = Retention.ACCOUNT

    service = models.OneToOneField(Service, models.CASCADE, related_name="photo_protocol")
    angles = models.JSONField()

    def __str__(self) -> str:
        return f"protocol {self.uid}"


class PhotoSet(Outward):
    """One sitting. `visit` names an encounter or a visit of a floor above, by id only."""

    table_class = TableClass.CLINICAL
    holder = Holder.PATIENT
    retention = Retention.CLINICAL

    person = models.ForeignKey(Person, models.PROTECT, related_name="photo_sets", db_index=False)
    service = models.ForeignKey(Service, models.PROTECT, related_name="+", null=True, db_index=False)
    stage = models.CharField(max_length=10, choices=Stage.choices)
    taken_at = models.DateTimeField()
    visit = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["person", "-taken_at"], name="photos_set_person")]

    def __str__(self) -> str:
        return f"photo set {self.uid}"


class Photo(Outward):
    """One angle. What is drawn on it stands beside it (`marks`), never in it."""

    table_class = TableClass.CLINICAL
    holder = Holder.PATIENT
    retention = Retention.CLINICAL

    photo_set = models.ForeignKey(PhotoSet, models.PROTECT, related_name="photos")
    angle = models.CharField(max_length=10, choices=Angle.choices)
    note = SealedTextField(tag="photos.photo.note/1", default="")
    marks = SealedJSONField(tag="photos.photo.marks/1", default=list)
    added_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"photo {self.uid}"

    @property
    def person(self) -> Person:
        return self.photo_set.person

    def sealing_subject(self) -> UUID:
        return self.photo_set.person.uid


class ImageKind(models.TextChoices):
    ORIGINAL = "original", _("Original")
    THUMBNAIL = "thumbnail", _("Thumbnail")


class Image(SealedFile):
    """A file of a photo."""

    table_class = TableClass.CLINICAL
    holder = Holder.PATIENT
    retention = Retention.CLINICAL

    photo = models.ForeignKey(Photo, models.PROTECT, related_name="images", db_index=False)
    kind = models.CharField(max_length=9, choices=ImageKind.choices)
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["photo", "kind"], name="photos_image_once"),
            models.UniqueConstraint(fields=["object_key"], name="photos_image_key"),
        ]

    def __str__(self) -> str:
        return f"image {self.uid}"


class Purpose(models.TextChoices):
    PATIENT = "patient", _("Shown to the patient")
    MARKETING = "marketing", _("Released for marketing")


class Release(models.Model):
    """A photo shown to its patient, or released for marketing for as long as the authorization lives."""

    table_class = TableClass.CLINICAL
    holder = Holder.PATIENT
    retention = Retention.CLINICAL

    photo = models.ForeignKey(Photo, models.PROTECT, related_name="releases", db_index=False)
    purpose = models.CharField(max_length=9, choices=Purpose.choices)
    authorization = models.UUIDField(null=True)  # the signature that allowed it
    released_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["photo", "purpose"],
                condition=models.Q(revoked_at=None),
                name="photos_release_live",
            )
        ]

    def __str__(self) -> str:
        return f"release {self.pk}"
