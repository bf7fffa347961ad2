"""News of persons for the floors above."""

from django.dispatch import Signal

# A claimed person turned out to be who they said, and from now on can be busy. Sent inside the transaction.
# Argument: person (Person), with its resource.
person_verified = Signal()
