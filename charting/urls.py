"""The staff's pages of the clinical record."""

from django.urls import path

from charting.views import chart, history

app_name = "charting"

urlpatterns = [
    path("desk/patients/<uuid:uid>/chart/", chart.chart, name="chart"),
    path("desk/encounters/<uuid:uid>/", chart.encounter, name="encounter"),
    path("desk/patients/<uuid:uid>/history/", history.history, name="history"),
    path("desk/patients/<uuid:uid>/history/add/<str:kind>/", history.add, name="add_history"),
    path("desk/history/<uuid:line>/", history.change, name="change_history"),
    path("desk/history/<uuid:line>/versions/", history.versions, name="history_versions"),
    path("desk/history/<uuid:line>/end/", history.end, name="end_history"),
    path("desk/history/<uuid:line>/resume/", history.resume, name="resume_history"),
]
