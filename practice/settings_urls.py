"""Addresses below /desk/settings/."""

from django.urls import URLPattern, path

from practice.views import branding, clinic, importing, licenses, places, policies, resources, services

app_name = "settings"


def of(what: str, folder: str) -> list[URLPattern]:
    """The pages of rooms, and the same ones of devices."""
    kind = {"what": what}
    return [
        path(f"{folder}/new/", resources.new, kind, name=f"new_{what}"),
        path(f"{folder}/<uuid:uid>/", resources.edit, kind, name=what),
        path(f"{folder}/<uuid:uid>/archive/", resources.archive, kind, name=f"archive_{what}"),
        path(f"{folder}/<uuid:uid>/restore/", resources.restore, kind, name=f"restore_{what}"),
    ]


def sheets(what: str) -> list[URLPattern]:
    kind = {"what": what}
    return [
        path(f"import/{what}/", importing.check, kind, name=f"check_{what}"),
        path(f"import/{what}/confirm/", importing.confirm, kind, name=f"confirm_{what}"),
        path(f"import/{what}/template.csv", importing.template, kind, name=f"template_{what}"),
        path(f"import/{what}/export.csv", importing.export, kind, name=f"export_{what}"),
    ]


urlpatterns = [
    path("", clinic.index, name="index"),
    path("clinic/", clinic.clinic, name="clinic"),
    path("branding/", branding.branding, name="branding"),
    path("branding/logo/", branding.upload_logo, name="upload_logo"),
    path("branding/logo/remove/", branding.remove_logo, name="remove_logo"),
    path("locations/", places.locations, name="locations"),
    path("locations/new/", places.new_location, name="new_location"),
    path("locations/<uuid:uid>/", places.location, name="location"),
    path("locations/<uuid:uid>/hours/", places.hours, name="hours"),
    path("locations/<uuid:uid>/closures/", places.closures, name="closures"),
    path("locations/<uuid:uid>/archive/", places.archive_location, name="archive_location"),
    path("locations/<uuid:uid>/restore/", places.restore_location, name="restore_location"),
    path("resources/", resources.resources, name="resources"),
    *of("room", "rooms"),
    *of("device", "devices"),
    path("services/", services.services, name="services"),
    path("services/new/", services.new_service, name="new_service"),
    path("services/<uuid:uid>/", services.service, name="service"),
    path("services/<uuid:uid>/copy/", services.copy, name="copy_service"),
    path("services/<uuid:uid>/up/", services.move, {"step": -1}, name="service_up"),
    path("services/<uuid:uid>/down/", services.move, {"step": 1}, name="service_down"),
    path("services/<uuid:uid>/archive/", services.archive, name="archive_service"),
    path("services/<uuid:uid>/restore/", services.restore, name="restore_service"),
    path("services/headings/<uuid:uid>/", services.category, name="category"),
    path("policies/", policies.policies, name="policies"),
    path("licenses/", licenses.licenses, name="licenses"),
    path("licenses/<uuid:uid>/new/", licenses.new_license, name="new_license"),
    path("licenses/<uuid:uid>/end/", licenses.end_license, name="end_license"),
    path("licenses/<uuid:uid>/supervisor/", licenses.new_supervisor, name="new_supervisor"),
    path("supervisions/<uuid:uid>/end/", licenses.end_supervision, name="end_supervision"),
    path("import/", importing.index, name="import"),
    *sheets("services"),
    *sheets("resources"),
]
