"""The photos that the clinic released to the patient. Clinical: a code by text alone does not open them."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from core.clock import local
from core.problems import NotFound
from patients import cursors
from photos import access, opening
from photos.models import Angle, ImageKind, Photo, Stage
from portal.pages import Visiting, portal_page, show
from practice.profile import clinic_zone
from scheduling.patient_pages import words


@portal_page()
def photos(request: HttpRequest, visiting: Visiting) -> HttpResponse:
    if not visiting.session.by_mail:
        return show(request, "photos_by_mail", status=403)
    before = cursors.read_place(request.GET.get("cursor", ""))
    found, following = access.own_photos(visiting.person, by=visiting.by, before=before)
    context = {"photos": [_line(each) for each in found], "following": following, "first": before is None}
    return show(request, "photos", context)


@portal_page()
def photo(request: HttpRequest, visiting: Visiting, uid: UUID) -> HttpResponseBase:
    """The image itself."""
    if not visiting.session.by_mail:
        raise NotFound
    kind = ImageKind.THUMBNAIL if request.GET.get("size") == "thumbnail" else ImageKind.ORIGINAL
    image = access.open_own_image(visiting.person, uid, by=visiting.by, kind=kind)
    return opening.image_response(image)


def _line(photo: Photo) -> dict[str, object]:
    one = photo.photo_set
    return {
        "uid": photo.uid,
        "angle": Angle(photo.angle).label,
        "stage": Stage(one.stage).label,
        "service": one.service.name if one.service else "",
        "when": words.day_and_time(local(one.taken_at, clinic_zone())),
    }
