"""W7: a one-page receipt and a statement of 1 000 rows as PDF, against WeasyPrint with the same layout.

WeasyPrint is no part of the product and is not installed with it: `pip install weasyprint` in the environment that measures.
"""

import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.measure import report

TEMPLATE = Path(__file__).parent / "papers" / "statement.typ"
AT = datetime(2027, 3, 1, tzinfo=UTC)
STYLE = (
    "@page { size: letter; margin: 2cm; @bottom-right { content: counter(page) ' / ' counter(pages) } }"
    "body { font: 10pt serif } table { width: 100%; border-collapse: collapse }"
    "thead { display: table-header-group } td, th { border: 0.5pt solid #bebebe; padding: 5pt; text-align: left }"
)


def can_run() -> bool:
    try:
        import weasyprint  # noqa: F401
    except (ImportError, OSError) as missing:
        print(f"# W7 is measured against WeasyPrint, which is not here: {missing}", file=sys.stderr)
        return False
    return True


def run() -> bool:
    import weasyprint

    from core import pdf

    found = []
    for name, count, rounds in (("a receipt of one page", 8, 9), ("a statement of 1 000 rows", 1000, 3)):
        rows = [
            [f"{number % 28 + 1} Mar 2027", f"Visit number {number}", "$125.00"] for number in range(count)
        ]
        told = {"title": "Statement", "clinic": "Glow Aesthetics", "rows": rows}
        page = html(rows)
        ours = median(lambda told=told: pdf.render(TEMPLATE, told, at=AT), rounds)
        theirs = median(lambda page=page: weasyprint.HTML(string=page).write_pdf(), rounds)
        times = theirs / ours
        found.append(report(f"W7 {name}, at least 15 times faster", ours * 1000, "ms", theirs * 1000, 1 / 15))
        print(f"# {times:.1f} times faster", file=sys.stderr)
    return all(found)


def html(rows: list[list[str]]) -> str:
    head = "<tr><th>Day</th><th>What</th><th>Amount</th></tr>"
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return (
        f"<html lang=en><style>{STYLE}</style><h1>Statement</h1><p>Glow Aesthetics"
        f"<table><thead>{head}</thead><tbody>{body}</tbody></table></html>"
    )


def median(work: Callable[[], object], rounds: int) -> float:
    """Seconds, once what is loaded is loaded."""
    work()
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return statistics.median(times)
