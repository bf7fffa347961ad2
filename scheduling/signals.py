"""News from scheduling for the floors above."""

from django.dispatch import Signal

# A visit was booked, moved, cancelled, or went on a step. Sent inside the transaction.
# Arguments: appointment (Appointment), verb (str: "booked", "moved", "cancelled", "arrived", "undone", …), at (datetime)
appointment_changed = Signal()
