"""Messages to and from people: the outbox, opt-outs, consents to be written to, quiet hours, inbound texts.

Knows a *subject* (an id with a key), never a patient. Nothing leaves but by `outbox.add`, and nothing is handed to a
provider but by `sending`.
"""
