"""The photos that the clinic released to the patient. Clinical: a code by text alone does not open them."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from core.clock import local
from core.problems import NotFound
from patients import cursors
from photos import access, opening
from photos.models import Angle, ImageKind, Photo, Stage
from photos.serializers import read_uuid
from portal.pages import Visiting, portal_page, show
from practice.profile import clinic_zone
from scheduling.patient_pages import words


@portal_page()
def photos(request: HttpRequest, visiting: Visiting) -> HttpResponse:
    if not visiting.session.by_mail:
        return show(request, "photos_by_mail", status=403)
    before = cursors.read_place(request.GET.get("cursor", ""))
    found, following = access.own_photos(visiting.person, by=visiting.by, before=before)
    context = {
        "photos": [_line(each) for each in found],
        "following": following,
        "first": before is None,
        "comparable": len(found) > len({each.angle for each in found}),
    }
    return show(request, "photos", context)


@portal_page()
def compare(request: HttpRequest, visiting: Visiting) -> HttpResponse:
    """Two of one angle under a slider: the first and the last, or those that were chosen."""
    if not visiting.session.by_mail:
        return show(request, "photos_by_mail", status=403)
    by_angle = access.own_by_angle(visiting.person, by=visiting.by)
    angle = request.GET.get("angle", "")
    angle = angle if angle in by_angle else next(iter(by_angle), "")
    of_angle = by_angle.get(angle, [])
    pair = [_chosen(request, name, of_angle, last=name == "after") for name in ("before", "after")]
    context = {
        "angle": angle,
        "angles": [(each, Angle(each).label) for each in by_angle],
        "photos": [_line(each) for each in of_angle],
        "pair": [_line(each) for each in pair if each],
    }
    return show(request, "photos_compare", context)


def _chosen(request: HttpRequest, name: str, photos: list[Photo], *, last: bool) -> Photo | None:
    wanted = read_uuid(request.GET.get(name))
    found = next((each for each in photos if each.uid == wanted), None)
    return found or (photos[-1 if last else 0] if photos else None)


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
