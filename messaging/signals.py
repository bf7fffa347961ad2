"""News from messaging for the floors above."""

from django.dispatch import Signal

# Somebody wrote to the clinic, and it was no STOP or START. Sent when the message is stored and committed; a receiver
# that fails does not undo it.
# Arguments:
# - message: messaging.models.Message (direction "in"); its subject is the last person written to at that number
# - intent: messaging.keywords.Intent | None; CANCEL_VISIT asks for a visit to be cancelled
# - subjects: list[UUID], all persons written to at that number, the last one first: families share phones
# - at: datetime
message_received = Signal()
