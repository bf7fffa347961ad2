"""Questions about photos that no single row answers."""

from photos.models import FACE, Protocol
from photos.rules import usual_angles
from practice.models import Service


def angles_for(service: Service | None) -> list[str]:
    """The angles that are taken, in their order: as the clinic set them, else as is usual for such a service."""
    if service is None:
        return list(FACE)
    own = Protocol.objects.filter(service=service).first()
    return list(own.angles) if own else list(usual_angles(service.name))


def protocols() -> dict[int, list[str]]:
    """Of every service that has its own."""
    return {row.service_id: list(row.angles) for row in Protocol.objects.all()}
