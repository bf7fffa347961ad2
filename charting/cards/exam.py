"""On an exam's page: the call, the results, and the form that records one."""

from django.urls import reverse

from accounts.access import may
from charting.actions.exams import may_examine
from charting.cards.opened import Opened
from charting.forms.gate import ExamForm, LinkForm
from charting.models import EncounterKind, ExamResult
from core.clock import local_date
from patients.cards import Card
from practice import queries
from practice.models import Provider


def exam_card(
    opened: Opened, *, form: ExamForm | None = None, link_form: LinkForm | None = None
) -> Card | None:
    encounter = opened.encounter
    if encounter.kind != EncounterKind.EXAM:
        return None
    rows = ExamResult.objects.filter(encounter=encounter).select_related("service", "examiner")
    own = Provider.objects.in_use().filter(user=opened.user).first()
    initial = {"services": [str(encounter.service.uid)] if encounter.service else []}
    on = local_date(opened.at, encounter.location.zone)
    return Card(
        "charting/exam/_card.html",
        {
            "encounter": encounter,
            "results": list(rows.order_by("-examined_at", "service__position")),
            "form": form or ExamForm(queries.services_in_use(), initial=initial),
            "link_form": link_form or LinkForm(initial={"join_link": encounter.join_link or ""}),
            "may_write": may(opened.user, "chart.write"),
            "may_examine": may_examine(own, on),
            "on": on,
            "results_url": reverse("charting:exam_results", args=[encounter.uid]),
            "link_url": reverse("charting:join_link", args=[encounter.uid]),
        },
    )
