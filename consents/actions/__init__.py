"""Every write to forms and signatures."""

from consents.actions.forms import (
    archive_form,
    attach,
    create_form,
    discard_draft,
    publish,
    restore_form,
    save_draft,
    update_form,
)
from consents.actions.signing import Given, sign
from consents.actions.withdrawing import end_signature

__all__ = [
    "Given",
    "archive_form",
    "attach",
    "create_form",
    "discard_draft",
    "end_signature",
    "publish",
    "restore_form",
    "save_draft",
    "sign",
    "update_form",
]
