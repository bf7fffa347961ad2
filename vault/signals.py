"""News from the vault."""

from django.dispatch import Signal

# Somebody could not reach the vault and is told so with a 503. No arguments.
unreachable = Signal()
