"""examples/book.py, as a stranger runs it: against the running product, with the standard library alone."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from scheduling.models import Appointment, Status
from tenants.context import enter
from tests.running import running

PROGRAM = Path(__file__).resolve().parent.parent / "examples" / "book.py"


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-I", str(PROGRAM), *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_it_needs_only_the_standard_library():
    tree = ast.parse(PROGRAM.read_text())
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in names} <= sys.stdlib_module_names


@pytest.mark.own_clinic
def test_it_books_moves_and_cancels(new_clinic):
    house = new_clinic("glow")
    with running() as product:
        product.web()
        site = f"http://{house.host}:{product.port}"
        done = run(site)
        assert done.returncode == 0, done.stderr
        assert "booked     Consultation" in done.stdout
        assert "moved to" in done.stdout
        assert "cancelled" in done.stdout
        kept = run(site, "--service", "Botox", "--keep")
        assert kept.returncode == 0, kept.stderr
        unknown = run(site, "--service", "Nonsense")
        assert unknown.returncode == 1
        assert "no service" in unknown.stderr
    with enter(house.clinic):
        visits = list(Appointment.objects.order_by("id").select_related("service"))
        assert [visit.status for visit in visits] == [Status.CANCELLED, Status.BOOKED]
        assert [visit.revision for visit in visits] == [2, 1]
        assert visits[1].service.name == "Botox"
        assert visits[1].booked_via == "api"
