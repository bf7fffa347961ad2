"""The sign-in's own addresses and, for the tests of the decorators, pages and API views that use them."""

from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, include, path
from rest_framework.response import Response
from rest_framework.views import APIView

import accounts.api_urls
import accounts.urls
from accounts.access import require_object
from accounts.actors import actor_of
from accounts.api_auth import Anyone, Needs
from accounts.pages import staff_page


@staff_page("patients.view")
def patients(request):
    return HttpResponse(str(actor_of(request)))


@staff_page()
def day(request):
    return HttpResponse("today")


@staff_page("patients.view")
def elsewhere(request):
    return HttpResponse("not below the desk")


def forgotten(request):
    return HttpResponse("nobody thought of a decorator")


class Bare(APIView):
    def get(self, request):
        return Response({})


class Public(APIView):
    permission_classes = [Anyone]

    def get(self, request):
        return Response({"actor": str(actor_of(request))})

    post = get


class Visits(APIView):
    permission_classes = [Needs("appointments.view", write="services.manage")]

    def get(self, request):
        return Response({"actor": str(actor_of(request))})

    post = get


class Visit(APIView):
    permission_classes = [Anyone]

    def get(self, request):
        require_object(request.user, "appointments.view")
        return Response({})


api: list[URLPattern | URLResolver] = [
    path("bare/", Bare.as_view()),
    path("public/", Public.as_view()),
    path("visits/", Visits.as_view()),
    path("visits/1/", Visit.as_view()),
    path("", include(accounts.api_urls)),
]
urlpatterns = [
    path("desk/", day),
    path("desk/patients/", patients),
    path("desk/forgotten/", forgotten),
    path("elsewhere/", elsewhere),
    path("api/v1/", include(api)),
    path("", include(accounts.urls)),
]
handler404 = "medspa.errors.page_not_found"
handler500 = "medspa.errors.server_error"
