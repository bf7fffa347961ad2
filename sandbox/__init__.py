"""A process of its own for development: the wire formats of Twilio and Resend on loopback, and an outbox.

It signs its webhooks exactly as the providers do, keeps nothing that is not shown, imports nothing of the
product, is imported by nothing of it, and refuses to start in production.
"""
