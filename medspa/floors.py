"""The floors of the house, ground first. A package imports only from floors below its own; foreign keys obey too.

The linter's layers in pyproject.toml say the same, and a test holds the two and the model graph together.
"""

FLOORS: tuple[frozenset[str], ...] = (
    frozenset({"core"}),
    frozenset({"vault", "providers"}),
    frozenset({"audit"}),
    frozenset({"tenants"}),
    frozenset({"accounts", "files"}),
    frozenset({"practice", "messaging", "ai"}),
    frozenset({"patients"}),
    frozenset({"consents"}),
    frozenset({"photos", "documents", "scheduling"}),
    frozenset({"charting", "webhooks"}),
    frozenset({"support"}),
    frozenset({"desk", "portal", "website"}),
    frozenset({"medspa"}),
)
APART = frozenset({"sandbox"})  # a process of its own: imports nothing of ours and is imported by nothing


def floor_of(package: str) -> int:
    """The floor a package stands on; KeyError for a stranger."""
    for number, packages in enumerate(FLOORS):
        if package in packages:
            return number
    raise KeyError(package)
