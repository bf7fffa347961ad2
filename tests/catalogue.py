"""Which words a patient may read, and the Spanish for them: `python -m tests.catalogue` brings the catalogue up to date.

New words are added without a translation (a test then fails until they have one), unused ones leave, and the compiled
file is written anew.
"""

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import polib

ROOT = Path(__file__).resolve().parent.parent
PO = ROOT / "locale" / "es" / "LC_MESSAGES" / "django.po"
MO = PO.with_suffix(".mo")
ENGLISH = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"

# Pages and parts that patients see, and the packages whose words reach them. Staff pages are English.
TEMPLATES = (
    "scheduling/**/*.html",
    "portal/**/*.html",
    "consents/_paper.html",
    "consents/_sign.html",
    "consents/_why.html",
    "consents/_drawn.html",
    "consents/home/*.html",
    "consents/kiosk.html",
    "consents/handed_*.html",
    "consents/npp.html",
    "charting/home/*.html",
    "charting/aftercare/_paper.html",
    "charting/intake/_*.html",
    "charting/handed_form.html",
    "photos/home_card.html",
    "documents/home_card.html",
    "documents/_file.html",
    "practice/npp.html",
    "practice/privacy.html",
    "practice/_contact.html",
    "messaging/**/*",
    "components/*.html",
    "base.html",
    "patient.html",
    "plain.html",
    "problem.html",
    "[45]*.html",
)
PACKAGES = ("core", "messaging", "patients", "scheduling", "portal")
MODULES = (
    "consents/paper.py",
    "consents/receipt.py",
    "consents/sheets.py",
    "consents/rules.py",
    "consents/models.py",
    "consents/actions/signing.py",
    "consents/actions/withdrawing.py",
    "consents/views/patient.py",
    "charting/plans/wording.py",
    "charting/plans/paper.py",
    "charting/aftercare/showing.py",
    "charting/actions/plan_decisions.py",
    "charting/models/plans.py",
    "medspa/errors.py",
    "medspa/language.py",
    "photos/models.py",
    "photos/opening.py",
    "documents/models.py",
    "documents/opening.py",
    "documents/rules.py",
    "documents/walk.py",
    "documents/forms.py",
    "documents/actions.py",
    "files/pdfs.py",
    "files/uploads.py",
    "files/images.py",
    "files/opening.py",
    "practice/views.py",
    "practice/hours.py",
    "charting/questions.py",
    "practice/context.py",
    "charting/forms/events.py",
    "charting/actions/events.py",
)
# Of those packages, what only the staff reads: patterns of paths.
STAFF_ONLY = (
    "patients/care*.py",
    "patients/record.py",
    "patients/pages.py",
    "patients/merg*.py",
    "patients/review*.py",
)
CALLS = {
    "_": 1, "gettext": 1, "gettext_lazy": 1, "gettext_noop": 1, "ngettext": 2, "ngettext_lazy": 2, "pgettext": -1,
    "pgettext_lazy": -1,
}  # fmt: skip


class Words(NamedTuple):
    text: str
    plural: str = ""
    context: str = ""


def needed() -> dict[Words, str]:
    """Everything that needs a translation, and the first place that says it."""
    found: dict[Words, str] = {}
    for path, all_words in (*_of_code(), *_of_templates()):
        for words in all_words:
            found.setdefault(words, str(path.relative_to(ROOT)))
    return found


def _of_code() -> Iterator[tuple[Path, Iterable[Words]]]:
    paths = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    for path in [*paths, *(ROOT / name for name in MODULES)]:
        if _for_staff(path) or "tests" in path.parts or "migrations" in path.parts:
            continue
        if path.exists():
            yield path, list(_calls(ast.parse(path.read_text())))


def _for_staff(path: Path) -> bool:
    return any(path.relative_to(ROOT).match(pattern) for pattern in STAFF_ONLY)


def _calls(tree: ast.AST) -> Iterator[Words]:
    for node in ast.walk(tree):
        kind = (
            CALLS.get(node.func.id)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            else None
        )
        if not isinstance(node, ast.Call) or kind is None:
            continue
        given = [
            arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
        ]
        if kind == 1 and given:
            yield Words(given[0])
        elif kind == 2 and len(given) >= 2:
            yield Words(given[0], given[1])
        elif kind == -1 and len(given) >= 2:
            yield Words(given[1], context=given[0])


def _of_templates() -> Iterator[tuple[Path, Iterable[Words]]]:
    from django.template import engines

    engine: Any = engines["django"]
    for pattern in TEMPLATES:
        for path in sorted((ROOT / "templates").glob(pattern)):
            if path.is_file():
                text = path.read_text()
                literals = [Words(words) for words in re.findall(r'_\("([^"]+)"\)', text)]
                yield path, [*_nodes(engine.from_string(text).template), *literals]


def _nodes(template: Any) -> Iterator[Words]:
    from django.templatetags.i18n import BlockTranslateNode, TranslateNode

    for node in template.nodelist.get_nodes_by_type(TranslateNode):
        text = node.filter_expression.var.literal
        context = node.message_context.var if node.message_context else ""
        if isinstance(text, str):
            yield Words(text.replace("%", "%%"), context=context)
    for node in template.nodelist.get_nodes_by_type(BlockTranslateNode):
        context = node.message_context.var if node.message_context else ""
        plural = node.render_token_list(node.plural)[0] if node.plural else ""
        yield Words(node.render_token_list(node.singular)[0], plural, context)


def of_entry(entry: polib.POEntry) -> Words:
    return Words(entry.msgid, entry.msgid_plural or "", entry.msgctxt or "")


def main() -> int:
    wanted = needed()
    catalogue = polib.pofile(str(PO)) if PO.exists() else polib.POFile()
    catalogue.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Language": "es",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    known = {of_entry(entry): entry for entry in catalogue}
    kept = [
        known.get(words) or _empty(words)
        for words in sorted(wanted, key=lambda words: (wanted[words], words))
    ]
    catalogue[:] = kept
    catalogue.save(str(PO))
    catalogue.save_as_mofile(str(MO))
    polib.pofile(str(ENGLISH)).save_as_mofile(str(ENGLISH.with_suffix(".mo")))
    missing = [entry for entry in kept if not entry.translated()]
    print(f"{len(kept)} texts, {len(missing)} without Spanish, {len(known.keys() - wanted.keys())} left")
    return 0


def _empty(words: Words) -> polib.POEntry:
    plural: dict[str, Any] = (
        {"msgid_plural": words.plural, "msgstr_plural": {0: "", 1: ""}} if words.plural else {}
    )
    return polib.POEntry(msgid=words.text, msgctxt=words.context or None, **plural)


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "medspa.settings")
    django.setup()
    sys.exit(main())
