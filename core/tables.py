"""What every model says of itself: who may change its rows, whom they are about, and how long they stay."""

from enum import StrEnum


class TableClass(StrEnum):
    """Which rights the clinic's roles get on the table."""

    ORDINARY = "ordinary"
    CLINICAL = "clinical"
    APPEND_ONLY = "append_only"
    CLINICAL_APPEND_ONLY = "clinical_append_only"  # append-only, and nothing of it for marketing and insights
    DERIVED = "derived"  # written by the database's own functions; the roles may only read


class Holder(StrEnum):
    """Whose data the rows are."""

    PATIENT = "patient"
    STAFF = "staff"
    CLINIC = "clinic"
    NOBODY = "nobody"


class Retention(StrEnum):
    """The class of the retention schedule that decides when rows go."""

    CLINICAL = "clinical"
    BILLING = "billing"
    MESSAGES = "messages"
    ACCOUNT = "account"
    AUDIT = "audit"
    LOGS = "logs"
    USAGE = "usage"
    WHILE_NEEDED = "while_needed"
