"""News from practice for the floors above."""

from django.dispatch import Signal

# Working time changed: hours, closures, a provider or a place added or archived. Sent inside the transaction.
# Arguments: location (Location | None), provider (Provider | None). None means: not only this one.
hours_changed = Signal()

# Before something goes that visits may need: receivers answer with a list of practice.standing.Standing, soonest first.
# Arguments: span (Span), location (Location | None), resource (int | None), service (Service | None).
visits_asked = Signal()

# A clinic took over what clinics of its kind start with. Sent inside the transaction.
# Arguments: kind (str), by (Actor), at (datetime).
preset_applied = Signal()
