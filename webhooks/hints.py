"""What the pages about programs say to whoever meets them for the first time."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from accounts.hints import Hint

HINTS: Final = (
    Hint(
        "programs.least",
        ("webhooks:programs",),
        _("One token for each program."),
        _("Give it only what that program needs; revoking it then stops that program and no other."),
    ),
    Hint(
        "webhooks.test",
        ("webhooks:endpoint",),
        _("Send a test first."),
        _("It arrives like a real call, signed; what your program answered is listed below."),
    ),
)
