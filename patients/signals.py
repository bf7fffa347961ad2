"""News of persons for the floors above."""

from django.dispatch import Signal

# A claimed person turned out to be who they said, and from now on can be busy. Sent inside the transaction.
# Argument: person (Person), with its resource.
person_verified = Signal()

# Two records turned out to be one patient; rows that may change have moved to `kept`. Sent inside the transaction.
# Arguments: kept (Person), merged (Person, archived), at (datetime)
patients_merged = Signal()

# The two were parted again; what had moved is back. Sent inside the transaction.
# Arguments: kept (Person), merged (Person, present again), at (datetime)
patients_parted = Signal()
