"""What anybody may read."""

from django.urls import path

from consents.views import public

urlpatterns = [path("npp/", public.npp, name="npp")]
