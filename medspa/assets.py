"""Builds what browsers load: `python -m medspa.assets` fills var/assets from static/ and node_modules/.

Single files only, so that collectstatic copies kilobytes and not whole packages.
"""

import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "static"
MODULES = ROOT / "node_modules"
TARGET = ROOT / "var" / "assets"

INTER = "@fontsource-variable/inter"
VENDOR = {
    "htmx.org/dist/htmx.min.js": "vendor/htmx.js",
    f"{INTER}/files/inter-latin-wght-normal.woff2": "vendor/inter/inter-latin.woff2",
    f"{INTER}/files/inter-latin-ext-wght-normal.woff2": "vendor/inter/inter-latin-ext.woff2",
    f"{INTER}/LICENSE": "vendor/inter/LICENSE.txt",
    "img-comparison-slider/dist/index.js": "vendor/img-comparison-slider.js",
    "htmx.org/LICENSE": "vendor/htmx-LICENSE.txt",
    "lucide-static/LICENSE": "vendor/lucide-LICENSE.txt",
    "signature_pad/dist/signature_pad.umd.min.js": "vendor/signature_pad.js",
}
STYLES = ("patient", "plain", "staff", "site", "admin")
SCRIPTS = {
    "patient": ("page", "forms", "logoff", "countdown", "zone", "dialog", "days"),
    "intake": ("health_form",),
    "note": ("note_draft",),
    "passkey": ("ceremony",),
    "signature": ("sign_pad",),
    "photos": ("picture", "capture", "marks"),
    "documents": ("picture", "upload"),
    "site": ("page", "forms", "signup", "progress"),
    "staff": (
        "page",
        "forms",
        "logoff",
        "dialog",
        "toast",
        "htmx",
        "keys",
        "combo",
        "panel",
        "calendar",
        "drag",
        "days",
        "settings",
        "injections",
    ),
}

SVG = "{http://www.w3.org/2000/svg}"
IMPORT = re.compile(r'@import url\("([^"]+)"\)(?: layer\((\w+)\))?;')
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
SOURCE_MAP = re.compile(r"^//# sourceMappingURL=.*$\n?", re.MULTILINE)
LIGHT_DARK = "@supports not (color: light-dark(red, red))"
NO_RELATIVE = "@supports not (color: oklch(from red l c h))"


class AssetError(Exception):
    """A part is missing or does not say what we need; the message names it and the remedy."""


def minify_css(text: str) -> str:
    """Comments and idle blanks go; everything a selector or calc() needs stays."""
    text = re.sub(r"\s+", " ", COMMENT.sub("", text))
    text = re.sub(r" ?([{};,]) ?", r"\1", text)
    text = re.sub(r"([{;][\w-]+): ", r"\1:", text)
    return text.replace(";}", "}").strip()


def minutes(step: int = 5, end: int = 24 * 60) -> Iterator[tuple[int, str]]:
    for minute in range(0, end + 1, step):
        yield minute, f"{minute // 60:02}:{minute % 60:02}"


def times_css(columns: int = 16, lanes: int = 6, week_rows: int = 40) -> str:
    """A visit's place in the day as attribute rules: rows of five minutes, hours shown, columns, lanes."""
    rules = [f'[data-at="{label}"]{{grid-row-start:{minute // 5 + 1}}}' for minute, label in minutes()]
    rules += [f'[data-min="{m}"]{{grid-row-end:span {m // 5}}}' for m, _ in minutes() if m]
    hours = " ".join(f"repeat(12, var(--h{hour}, var(--rowh)))" for hour in range(24))
    rules.append(f".cal__body{{grid-template-rows:{hours}}}")
    for hour in range(1, 24):
        before = ";".join(f"--h{h}:0px" for h in range(hour))
        after = ";".join(f"--h{h}:0px" for h in range(hour, 24))
        rules.append(f'.cal[data-from="{hour}"]{{--from:{hour};{before}}}')
        rules.append(f'.cal[data-to="{hour}"]{{--to:{hour};{after}}}')
    rules += [f'.cal[data-cols="{n}"]{{--cols:{n}}}' for n in range(1, columns + 1)]
    rules += [f".cal__col:nth-child({n + 1}){{grid-column:{n + 1}}}" for n in range(1, columns + 1)]
    rules += [f'.wcal[data-rows="{n}"]{{--rows:{n}}}' for n in range(1, week_rows + 1)]
    for count in range(2, lanes + 1):
        width = 2 if count > 4 else 12 // count
        for lane in range(1, count + 1):
            place = f"grid-column:{(lane - 1) * width + 1}/span {width}"
            rules.append(f'[data-lanes="{count}"][data-lane="{lane}"]{{{place}}}')
    return "\n".join(rules)


def light_value(value: str) -> str:
    """`light-dark(a, b)` becomes `a`, however deep the brackets inside go."""
    while (start := value.find("light-dark(")) >= 0:
        depth, comma, end = 0, -1, -1
        for place in range(start + len("light-dark"), len(value)):
            depth += {"(": 1, ")": -1}.get(value[place], 0)
            if value[place] == "," and depth == 1 and comma < 0:
                comma = place
            if depth == 0:
                end = place
                break
        if comma < 0 or end < 0:
            raise AssetError(f"tokens.css: light-dark() without two values in: {value.strip()}")
        value = value[:start] + value[start + len("light-dark(") : comma] + value[end + 1 :]
    return value


def light_fallback(tokens: str) -> str:
    """Static light values for browsers that know neither light-dark() nor relative colours."""
    main, _, stand_in = COMMENT.sub("", tokens).partition(NO_RELATIVE)
    pairs = {
        part: re.findall(r"(--[\w-]+):\s*([^;{}]*light-dark\([^;]*);", text)
        for part, text in (("main", main), ("stand_in", stand_in))
    }
    body = {
        part: "".join(f"{name}:{light_value(value)};" for name, value in found)
        for part, found in pairs.items()
    }
    return (
        f"{LIGHT_DARK}{{:root{{color-scheme:light;{body['main']}}}}}"
        f"{LIGHT_DARK}{{{NO_RELATIVE}{{:root{{{body['stand_in']}}}}}}}"
    )


def read_style(path: Path) -> str:
    if path.name == "times.css":
        return times_css()
    text = path.read_text()
    return text + light_fallback(text) if path.name == "tokens.css" else text


def bundle_css(entry: Path) -> str:
    """Follows the entry's imports in order, each inside the layer it names."""

    def place(match: re.Match[str]) -> str:
        source, layer = match.groups()
        text = read_style((entry.parent / source).resolve())
        return f"@layer {layer}{{{text}}}" if layer else text

    return minify_css(IMPORT.sub(place, COMMENT.sub("", entry.read_text())))


def bundle_js(names: tuple[str, ...]) -> str:
    """Each source is a closed function of its own, so joining them in order is safe."""
    parts = (SOURCE / "js" / f"{name}.js" for name in names)
    return "\n".join(re.sub(r"^\s*//.*\n", "", part.read_text(), flags=re.MULTILINE) for part in parts)


def symbol(name: str) -> str:
    path = MODULES / "lucide-static" / "icons" / f"{name}.svg"
    if not path.is_file():
        raise AssetError(f"icon {name!r} of static/img/icons.txt is not in lucide-static; run npm ci")
    drawing = ElementTree.fromstring(path.read_text())  # noqa: S314 - our own locked package
    shapes = "".join(
        f"<{shape.tag.removeprefix(SVG)} "
        + " ".join(f'{key}="{value}"' for key, value in shape.attrib.items())
        + "/>"
        for shape in drawing
    )
    return f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>'


def sprite() -> str:
    """All icons of static/img/icons.txt and the clinics' marks, in one cacheable file."""
    names = (SOURCE / "img" / "icons.txt").read_text().split()
    marks = re.findall(r"<symbol.*?</symbol>", (SOURCE / "img" / "marks.svg").read_text(), re.DOTALL)
    symbols = [symbol(name) for name in names] + marks
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>'


def write(name: str, text: str) -> None:
    path = TARGET / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def take(source: Path, target: Path) -> None:
    """A vendor's file as it is; only a script's pointer to its map goes, for the map is not served."""
    if target.suffix == ".js":
        target.write_text(SOURCE_MAP.sub("", source.read_text()))
    else:
        shutil.copyfile(source, target)


def build() -> list[Path]:
    """Everything anew, so that nothing stale is ever served."""
    shutil.rmtree(TARGET, ignore_errors=True)
    for source, target in VENDOR.items():
        if not (MODULES / source).is_file():
            raise AssetError(f"{source} is missing in node_modules; run npm ci --ignore-scripts")
        (TARGET / target).parent.mkdir(parents=True, exist_ok=True)
        take(MODULES / source, TARGET / target)
    write("css/times.css", times_css())
    for name in STYLES:
        write(f"css/{name}.css", bundle_css(SOURCE / "css" / "bundles" / f"{name}.css"))
    for name, parts in SCRIPTS.items():
        write(f"js/{name}.js", bundle_js(parts))
    write("img/icons.svg", sprite())
    return sorted(path for path in TARGET.rglob("*") if path.is_file())


def main() -> int:
    try:
        files = build()
    except AssetError as error:
        sys.stderr.write(f"assets: {error}\n")
        return 1
    total = sum(path.stat().st_size for path in files)
    sys.stdout.write(f"assets: {len(files)} files, {total // 1024} KB in {TARGET.relative_to(ROOT)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
