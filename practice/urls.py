from django.urls import include, path

from practice import settings_urls, stock_urls
from practice.views import public, set_up

urlpatterns = [
    path("brand.css", public.brand_css, name="brand_css"),
    path("logo/<str:digest>/", public.logo, name="logo"),
    path("privacy/", public.privacy, name="clinic_privacy"),
    path("desk/set-up/", set_up.set_up, name="set_up"),
    path("desk/set-up/preset/", set_up.apply_preset, name="set_up_preset"),
    path("desk/set-up/hide/", set_up.hide, name="set_up_hide"),
    path("desk/settings/", include(settings_urls)),
    path("desk/stock/", include(stock_urls)),
]
