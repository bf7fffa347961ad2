"""The reference of the settings says what the settings are."""

import re
from pathlib import Path

from medspa.settings_reference import PAGE, page, settings_read
from medspa.settings_words import MEANINGS

ROOT = Path(__file__).parents[2]


def test_every_setting_has_a_meaning_and_no_meaning_is_left_over():
    assert {setting.name for setting in settings_read()} == set(MEANINGS), "medspa/settings_words.py"


def test_the_page_is_up_to_date():
    assert PAGE.read_text() == page(), "run manage.py settings_reference"


def test_the_reader_finds_them():
    found = {setting.name: setting for setting in settings_read()}
    assert (found["DB_POOL"].kind, found["DB_POOL"].default) == ("whole number", "4")
    assert found["DJANGO_ENV"].kind == "development, production, test"
    assert (found["PUBLIC_RATE_LIMIT"].kind, found["PUBLIC_RATE_LIMIT"].default) == ("1 or 0", "1")
    assert found["WEB_BIND"].section == "The web server"


def test_links_between_the_pages_lead_somewhere():
    for file in [*ROOT.glob("docs/**/*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", file.read_text()):
            assert (file.parent / target).exists(), f"{file.name}: {target}"


def test_every_alert_has_its_runbook():
    named = re.findall(r"runbook: (\S+\.md)", (ROOT / "deploy/prometheus/alerts.yml").read_text())
    assert named
    for each in named:
        assert (ROOT / each).is_file(), each


def test_a_runbook_says_how_it_is_seen_what_to_do_and_how_to_know_it_is_over():
    books = [path for path in (ROOT / "docs/runbooks").glob("*.md") if path.name != "README.md"]
    assert len(books) >= 11
    index = (ROOT / "docs/runbooks/README.md").read_text()
    for book in books:
        text = book.read_text()
        for heading in ("## Seen as", "## Do", "## Over when"):
            assert heading in text, f"{book.name}: {heading}"
        assert f"({book.name})" in index, book.name
        for command in re.findall(r"manage\.py (\w+)", text):
            assert list(ROOT.glob(f"*/management/commands/{command}.py")) or command in {
                "check",
                "shell",
                "showmigrations",
            }, command
