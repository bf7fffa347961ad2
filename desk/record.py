"""The desk's own tabs of a patient's record."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from patients.record import Tab

VISITS: Final = Tab("visits", _("Visits and messages"), "desk:patient", "patients.view")
LOG: Final = Tab("log", _("Who opened this"), "desk:access_log", "audit.view")
