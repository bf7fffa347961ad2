"""What can go wrong with a sealed thing. No message ever carries text, token or key."""


class VaultError(Exception):
    """Anything the vault refuses."""


class Damaged(VaultError):
    """The token was changed, cut, or belongs to another clinic, field, row or key."""


class Shredded(VaultError):
    """The key is gone, and with it what it sealed."""


class NoSubjectKey(VaultError):
    """Nothing may be sealed for a subject before its key is drawn."""


class KeyExists(VaultError):
    """The subject got its key from somebody else in the meantime."""


class KeyringError(VaultError):
    """The keyring is missing, open to others, unreadable, or used up."""
