"""The ledger, a page at a time, as the owner reads it: what was asked and decided, never what was written."""

from datetime import datetime
from typing import Final

from ai.models import Act

PAGE: Final = 50


def ledger(*, before: datetime | None = None, most: int = PAGE) -> tuple[list[Act], datetime | None]:
    rows = Act.objects.select_related("asked_by").prefetch_related("verdicts__by").order_by("-at", "-id")
    rows = rows.defer("output")
    if before is not None:
        rows = rows.filter(at__lt=before)
    found = list(rows[: most + 1])
    return found[:most], found[most - 1].at if len(found) > most else None
