"""The staff's pages of the clinical record."""

from django.urls import path

from charting.views import chart

app_name = "charting"

urlpatterns = [
    path("desk/patients/<uuid:uid>/chart/", chart.chart, name="chart"),
    path("desk/encounters/<uuid:uid>/", chart.encounter, name="encounter"),
]
