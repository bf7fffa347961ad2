"""The staff's pages of the clinical record."""

from django.urls import path

from charting.views import chart, exams, gate, history, injections, intakes, notes, recall, reviews

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
    path("desk/visits/<uuid:uid>/chart/", chart.chart_visit, name="chart_visit"),
    # Notes
    path("desk/encounters/<uuid:uid>/note/", notes.begin, name="begin_note"),
    path("desk/notes/", reviews.own_notes, name="own_notes"),
    path("desk/notes/<uuid:uid>/print/", reviews.print_note, name="print_note"),
    path("desk/notes/<uuid:uid>/save/", notes.save, name="save_note"),
    path("desk/notes/<uuid:uid>/sign/", notes.sign, name="sign_note"),
    path("desk/notes/<uuid:uid>/template/", notes.change_template, name="change_template"),
    path("desk/notes/<uuid:uid>/forward/", notes.copy_forward, name="copy_forward"),
    path("desk/notes/<uuid:uid>/draft/", notes.draft, name="draft_note"),
    path("desk/notes/<uuid:uid>/use/", notes.decide, {"decision": "used"}, name="use_draft"),
    path("desk/notes/<uuid:uid>/dismiss/", notes.decide, {"decision": "dismissed"}, name="dismiss_draft"),
    path("desk/patients/<uuid:uid>/ai/", notes.choose_ai, name="choose_ai"),
    path("desk/notes/<uuid:uid>/addenda/", reviews.add_addendum, name="add_addendum"),
    path("desk/notes/<uuid:uid>/cosign/", reviews.cosign, name="cosign"),
    path("desk/notes/<uuid:uid>/return/", reviews.return_note, name="return_note"),
    path("desk/cosign/", reviews.cosign_queue, name="cosign_queue"),
    path("desk/cosign/count/", reviews.cosign_count, name="cosign_count"),
    path("desk/encounters/<uuid:uid>/injections/", injections.injections, name="injections"),
    path("desk/encounters/<uuid:uid>/injections/drawn/", injections.drawn, name="drawn"),
    path("desk/encounters/<uuid:uid>/injections/waste/", injections.waste, name="waste_drawn"),
    path("desk/encounters/<uuid:uid>/injections/<uuid:point>/", injections.point, name="injection"),
    path(
        "desk/encounters/<uuid:uid>/injections/<uuid:point>/remove/",
        injections.remove,
        name="remove_injection",
    ),
    path(
        "desk/encounters/<uuid:uid>/injections/<uuid:point>/restore/",
        injections.restore,
        name="restore_injection",
    ),
    path("desk/stock/lots/<uuid:uid>/recall/", recall.recall, name="recall"),
    path("desk/stock/lots/<uuid:uid>/recall/tell/", recall.tell, name="tell_recall"),
    path("desk/stock/lots/<uuid:uid>/recall/told/<uuid:person>/", recall.told, name="told_recall"),
    path("desk/stock/lots/<uuid:uid>/recall/lift/", recall.lift, name="lift_recall"),
]
