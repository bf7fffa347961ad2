"""What a page must know to warn before a session ends, and to leave together with the other tabs."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Logoff:
    """`left`: seconds until the session ends if nothing is done; `absolute`: until it ends in any case.

    `stay`, `out` and `sign_in` are paths. Tabs of one `channel` leave together: the staff's of one browser, and the
    patient's, each for themselves.
    """

    left: int
    absolute: int
    stay: str
    out: str
    sign_in: str
    channel: str
