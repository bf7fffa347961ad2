"""The clinic's logo comes and goes."""

import hashlib

from django.db import transaction

from audit.actors import Actor
from audit.trail import record
from core.problems import Invalid, failure
from practice import profile as profiles
from practice.images import ImageProblem, read_picture
from practice.models import ClinicProfile, Logo


@transaction.atomic
def set_logo(content: bytes, *, by: Actor) -> Logo:
    """The picture stands on every page of the clinic from now on; a file that is none changes nothing."""
    try:
        picture = read_picture(content)
    except ImageProblem as problem:
        raise Invalid(errors=[failure("logo", problem.code, problem.message)]) from None
    logo = Logo(
        digest=hashlib.sha256(picture.content).hexdigest(),
        media_type=picture.media_type,
        width=picture.width,
        height=picture.height,
        content=picture.content,
    )
    Logo.objects.all().delete()
    logo.save(force_insert=True)
    _point_to(logo.digest)
    record("clinic.logo_changed", by=by, on=logo, detail={"digest": logo.digest})
    return logo


@transaction.atomic
def remove_logo(*, by: Actor) -> None:
    """Back to the drawn mark or the letter."""
    logo = Logo.objects.first()
    if logo is None:
        return
    record("clinic.logo_removed", by=by, on=logo, detail={"digest": logo.digest})
    logo.delete()
    _point_to("")


def _point_to(digest: str) -> None:
    row = ClinicProfile.objects.select_for_update(no_key=True).first() or profiles.profile()
    row.logo_digest = digest
    row.save()
    profiles.forget()
