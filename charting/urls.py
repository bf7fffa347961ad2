"""The staff's pages of the clinical record."""

from django.urls import path

from charting.views import chart, exams, gate, history, intakes

app_name = "charting"

urlpatterns = [
    path("desk/patients/<uuid:uid>/chart/", chart.chart, name="chart"),
    path("desk/encounters/<uuid:uid>/", chart.encounter, name="encounter"),
    path("desk/patients/<uuid:uid>/exams/new/", exams.new, name="new_exam"),
    path("desk/encounters/<uuid:uid>/exam/", exams.results, name="exam_results"),
    path("desk/encounters/<uuid:uid>/join-link/", exams.join_link, name="join_link"),
    path("desk/intakes/<uuid:uid>/", intakes.intake, name="intake"),
    path("desk/intakes/<uuid:uid>/decide/", intakes.decide, name="decide_intake"),
    path("desk/settings/gate/", gate.all_services, name="gate"),
    path("desk/settings/gate/usual/", gate.usual, name="gate_usual"),
    path("desk/settings/gate/headings/<uuid:uid>/", gate.category, name="gate_category"),
    path("desk/settings/gate/services/<uuid:uid>/", gate.service, name="gate_service"),
    path("desk/patients/<uuid:uid>/history/", history.history, name="history"),
    path("desk/patients/<uuid:uid>/history/add/<str:kind>/", history.add, name="add_history"),
    path("desk/history/<uuid:line>/", history.change, name="change_history"),
    path("desk/history/<uuid:line>/versions/", history.versions, name="history_versions"),
    path("desk/history/<uuid:line>/end/", history.end, name="end_history"),
    path("desk/history/<uuid:line>/resume/", history.resume, name="resume_history"),
]
