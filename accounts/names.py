"""Who did something, in names: actors as rows keep them, looked up at once."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.models import User
from audit.actors import ActorKind


def names_of(actors: Iterable[str]) -> dict[str, str]:
    """By the actor as it is stored; patients and the system by what they are."""
    ids = {actor: actor.partition(":")[2] for actor in actors}
    known = {
        str(user.pk): user.display_name
        for user in User.objects.filter(pk__in=[UUID(one) for one in ids.values() if _is_uuid(one)])
    }
    patient = f"{ActorKind.PATIENT}:"
    return {
        actor: known.get(one) or (_("the patient") if actor.startswith(patient) else _("the system"))
        for actor, one in ids.items()
    }


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
