"""News for upper floors."""

from django.dispatch import Signal

# A requested clinic's schema, roles and keys stand; it is not open yet, and its row is locked. Whoever has something
# to put into it does so now, so that doing it twice is doing it once. Raising keeps the clinic shut.
# Sent on the platform. Arguments: clinic: tenants.models.Clinic
clinic_built = Signal()

# A clinic opened for the first time, and that is committed. Sent on the platform; may come twice after a crash.
# Arguments: clinic: tenants.models.Clinic
clinic_opened = Signal()

# The provision worker begins with a clinic, or could not finish it. Sent on the platform, outside any transaction.
# Arguments: clinic_uid: str; provision_failed besides error: Exception
provision_began = Signal()
provision_failed = Signal()
