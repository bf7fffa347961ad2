"""Large figures are skipped, and counted as skipped, unless they are asked for: `pytest -m soak` (make soak)."""

import pytest


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("-m") == "soak":
        return
    for item in items:
        if item.path.parent == config.rootpath / "tests" / "soak":
            item.add_marker(pytest.mark.skip(reason="a large figure: make soak"))
