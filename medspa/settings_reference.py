"""The settings as the code reads them: names, kinds and defaults from its syntax, meanings from settings_words."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from medspa.environment import BASE_DIR
from medspa.settings_words import MEANINGS

SOURCES = ("settings.py", "environment.py", "gunicorn.py")
PAGE = BASE_DIR / "docs" / "settings.md"
SECTION = re.compile(r"^# --- (.+?) -+$")
KINDS = {"get": "text", "flag": "1 or 0", "number": "whole number", "choice": ""}
INTRO = """# Settings

Written by `manage.py settings_reference`; a test fails when it is out of date. A setting comes from the environment; or,
for a secret, from the file that `NAME_FILE` names; or, in development, from `var/servers.json`. Nonsense stops the start.
"""


@dataclass(frozen=True)
class Setting:
    name: str
    kind: str
    default: str
    section: str


def settings_read() -> list[Setting]:
    """Every setting, once, in the order of the source."""
    found: dict[str, Setting] = {}
    for source in SOURCES:
        for setting in _in_file(BASE_DIR / "medspa" / source):
            found.setdefault(setting.name, setting)
    return list(found.values())


def page() -> str:
    lines, section = [INTRO], ""
    for setting in settings_read():
        if setting.section != section:
            section = setting.section
            lines += [f"\n## {section}\n", "| name | value | default | meaning |", "|---|---|---|---|"]
        default = f"`{setting.default}`" if setting.default else ""
        meaning = MEANINGS[setting.name]
        lines.append(f"| `{setting.name}` | {setting.kind} | {default} | {meaning} |")
    return "\n".join(lines) + "\n"


def _in_file(path: Path) -> Iterator[Setting]:
    text = path.read_text()
    headings = [
        (number, match[1])
        for number, line in enumerate(text.splitlines(), 1)
        if (match := SECTION.match(line))
    ]
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        kind = _kind(call)
        if kind is None or not isinstance(call.args[0], ast.Constant):
            continue
        above = [heading for number, heading in headings if number < call.lineno]
        section = above[-1] if above else {"gunicorn.py": "The web server"}.get(path.name, "The process")
        yield Setting(str(call.args[0].value), kind, _default(call), section)


def _kind(call: ast.Call) -> str | None:
    """How a call reads the environment; None for any other call."""
    asked = ast.unparse(call.func)
    if not call.args or asked not in {*(f"env.{name}" for name in KINDS), "os.environ.get"}:
        return None
    if asked == "env.choice":
        return ", ".join(sorted(ast.literal_eval(call.args[2])))
    return KINDS[asked.rpartition(".")[2]]


def _default(call: ast.Call) -> str:
    given = call.args[1] if len(call.args) > 1 else None
    given = given or next((word.value for word in call.keywords if word.arg == "default"), None)
    if given is None or (isinstance(given, ast.Constant) and given.value == ""):
        return ""
    if isinstance(given, ast.Constant):
        return str(
            {True: "1", False: "0"}.get(given.value, given.value)
            if isinstance(given.value, bool)
            else given.value
        )
    return ast.unparse(given).replace("|", "\\|")
