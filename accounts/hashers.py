"""How passwords are hashed: argon2id with the memory that OWASP asks for, not Django's hundred megabytes a sign-in."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2id(Argon2PasswordHasher):
    """19 MiB, two passes, one lane: eight sign-ins at once stay below 160 MiB."""

    time_cost = 2
    memory_cost = 19_456
    parallelism = 1
