"""Health forms on a screen that is handed over: which there are, and which is the next."""

from collections.abc import Collection
from datetime import datetime

from django.urls import reverse

from charting import intakes
from charting.models import Intake, Questionnaire
from patients.handing import Task
from patients.models import Person
from scheduling.coming import services_ahead


def tasks(person: Person, *, at: datetime) -> list[Task]:
    """Those that the visits ahead ask for, due as long as they are not filled in; then all others in use."""
    wanted = intakes.wanted_for(person, services_ahead(person, at=at), at=at)
    asked = {one.questionnaire.pk for one in wanted}
    others = [one for one in Questionnaire.objects.in_use() if one.pk not in asked]
    found = [Task(str(one.questionnaire.uid), one.title, not one.is_done) for one in wanted]
    return found + [Task(str(one.uid), one.title, is_due=False) for one in others]


def next_path(person: Person, keys: Collection[str], *, since: datetime) -> str:
    """The first step of the first that was not handed in since."""
    done = set(
        Intake.objects.filter(
            person=person, version__questionnaire__uid__in=keys, completed_at__gte=since
        ).values_list("version__questionnaire__uid", flat=True)
    )
    for key in keys:
        if key not in {str(uid) for uid in done}:
            return reverse("charting:handed_form", args=[person.uid, key, 1])
    return ""
