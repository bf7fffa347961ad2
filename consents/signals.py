"""News from consents for the floors above."""

from django.dispatch import Signal

# Something signed counts no more: withdrawn, or void. Sent inside the transaction.
# Arguments: person (Person), kind (str, a FormKind), at (datetime).
authorization_ended = Signal()
