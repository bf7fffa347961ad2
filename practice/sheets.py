"""Spreadsheets as CSV, as Excel, Numbers and Sheets write them: read into named cells, written without formulas. Pure."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MOST_BYTES: Final = 4 * 1024 * 1024
MOST_ROWS: Final = 10_000
MOST_CELL: Final = 20_000
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")  # a cell that begins so runs when the file is opened
SEPARATORS: Final = (",", ";", "\t")
Text = str | Promise


@dataclass(frozen=True)
class Column:
    """A column of a template: what it is called, whether every row needs it, and an example."""

    name: str
    example: str = ""
    required: bool = False


@dataclass(frozen=True)
class RowError:
    """What is wrong in one cell, and what to do about it. Row 1 is the heading."""

    row: int
    column: str
    code: str
    wrong: Text
    remedy: Text


@dataclass(frozen=True)
class Row:
    number: int
    cells: dict[str, str]


class SheetProblem(ValueError):
    """Why a file cannot be read as a table at all."""

    def __init__(self, message: Text) -> None:
        super().__init__(str(message))
        self.message = message


def read_rows(content: bytes, columns: Sequence[Column]) -> Iterator[Row | RowError]:
    """The rows one by one, blank ones left out; SheetProblem where the file is no such table."""
    reader, skipped = _reader(_decoded(content))
    csv.field_size_limit(MOST_CELL)
    names: list[str] = []
    count = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error:
            raise SheetProblem(
                _("Line %(line)d cannot be read: a quotation mark is open or a cell is far too long.")
                % {"line": reader.line_num + skipped}
            ) from None
        if not any(cell.strip() for cell in cells):
            continue
        if not names:
            names = _heading(cells, columns)
            continue
        count += 1
        if count > MOST_ROWS:
            raise SheetProblem(_("This file has more than 10,000 rows. Split it, and import the parts."))
        number = reader.line_num + skipped
        yield _row(number, cells, names)
    if not names:
        raise SheetProblem(_("The file is empty. Download the template and fill it in."))


def write_rows(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """As UTF-8 with the mark that Excel asks for; what would run as a formula becomes text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(heading)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _decoded(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise too_large()
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp1252"]  # the second is what Excel on Windows writes by default
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
        break
    raise SheetProblem(_("This is not a CSV file. In Excel, save it as “CSV UTF-8”."))


def too_large() -> SheetProblem:
    return SheetProblem(_("Use a file of at most 4 MB. Split it, and import the parts."))


def _reader(text: str) -> "tuple[csv._reader, int]":  # type: ignore[name-defined]
    """By the separator of the first line; Excel may name it in a line of its own."""
    first = text.lstrip("\r\n").partition("\n")[0].strip()
    skipped = 0
    named = re.fullmatch(r'"?sep=(.)"?', first, re.IGNORECASE)
    if named:
        separator = named[1]
        text = text.lstrip("\r\n").partition("\n")[2]
        skipped = 1
    else:
        separator = max(SEPARATORS, key=first.count)
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True), skipped


def _heading(cells: list[str], columns: Sequence[Column]) -> list[str]:
    names = [re.sub(r"[\s_-]+", " ", cell.strip().lower()) for cell in cells]
    while names and not names[-1]:
        names.pop()
    known = {column.name for column in columns}
    unknown = [name for name in names if name not in known]
    missing = [column.name for column in columns if column.required and column.name not in names]
    twice = sorted({name for name in names if names.count(name) > 1})
    if unknown:
        raise SheetProblem(
            _("There is no column “%(name)s”. The columns are: %(known)s.")
            % {"name": unknown[0][:40], "known": ", ".join(column.name for column in columns)}
        )
    if missing:
        raise SheetProblem(_("The column “%(name)s” is missing.") % {"name": missing[0]})
    if twice:
        raise SheetProblem(_("The column “%(name)s” is there twice.") % {"name": twice[0]})
    return names


def _row(number: int, cells: list[str], names: list[str]) -> Row | RowError:
    if any(cell.strip() for cell in cells[len(names) :]):
        return RowError(
            number,
            "",
            "too_many_cells",
            _("There are more cells than columns."),
            _("Put a text that holds a comma or semicolon in quotation marks."),
        )
    padded = [*cells[: len(names)], *[""] * (len(names) - len(cells))]
    return Row(number, {name: _plain(cell) for name, cell in zip(names, padded, strict=True)})


def _plain(cell: str) -> str:
    """Without the mark that our own export puts before a formula."""
    cell = cell.strip()
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell
