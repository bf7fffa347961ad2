"""One room a channel: hand a message over, and find out about one that may have left."""

from messaging.channels import mail, sms
from messaging.models import Channel, Message


def deliver(message: Message) -> str:
    """The provider's id of the message; ProviderError when it was refused or the answer was lost."""
    return sms.deliver(message) if message.channel == Channel.SMS else mail.deliver(message)
