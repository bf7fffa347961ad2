"""What browsers load: built from the sources, complete, and true to the strict content policy."""

import json
import re
from pathlib import Path

import pytest
from django.core.management import call_command

from medspa import assets
from medspa.management.commands.up import UNSERVED

TEMPLATES = sorted((assets.ROOT / "templates").rglob("*.html"))
CSS = sorted((assets.SOURCE / "css").rglob("*.css"))


def test_times_reach_from_midnight_to_midnight():
    text = assets.times_css()
    assert '[data-at="00:00"]{grid-row-start:1}' in text
    assert '[data-at="11:15"]{grid-row-start:136}' in text
    assert '[data-at="24:00"]{grid-row-start:289}' in text
    assert '[data-min="1440"]{grid-row-end:span 288}' in text
    assert text.count("data-at=") == 289


def test_lanes_share_a_column_without_overlap():
    text = assets.times_css()
    for count in (2, 3, 4, 6):
        places = re.findall(
            rf'\[data-lanes="{count}"\]\[data-lane="\d"\]{{grid-column:(\d+)/span (\d+)}}', text
        )
        assert [int(start) for start, _ in places] == [1 + lane * 12 // count for lane in range(count)]
        assert {int(width) for _, width in places} == {12 // count}


def test_light_value_takes_the_first_of_each_pair():
    assert assets.light_value("light-dark(var(--n-2), var(--n-12))") == "var(--n-2)"
    assert (
        assets.light_value("0 1px light-dark(oklch(0.3 0.03 60 / 0.07), #000), 0 2px light-dark(#111, #222)")
        == "0 1px oklch(0.3 0.03 60 / 0.07), 0 2px #111"
    )
    with pytest.raises(assets.AssetError):
        assets.light_value("light-dark(red)")


@pytest.mark.parametrize("name", assets.STYLES)
def test_a_bundle_stands_alone(name):
    text = assets.bundle_css(assets.SOURCE / "css" / "bundles" / f"{name}.css")
    assert "@import" not in text
    assert text.count("{") == text.count("}")
    used = set(re.findall(r"var\((--[\w-]+)", text))
    known = set(re.findall(r"(--[\w-]+):", text))
    optional = {f"--h{hour}" for hour in range(24)}
    assert used - known - optional == set()
    assert assets.minify_css(f"{assets.LIGHT_DARK}{{:root{{color-scheme:light;") in text


def test_minifying_keeps_what_calc_and_selectors_need():
    css = "a > b , c :hover { width : calc(1px + 2px) ; }  /* x */"
    assert assets.minify_css(css) == "a > b,c :hover{width : calc(1px + 2px)}"


def test_every_icon_a_template_names_is_in_the_sprite():
    known = set((assets.SOURCE / "img" / "icons.txt").read_text().split())
    wanted: dict[str, str] = {}
    for path in TEMPLATES:
        text = path.read_text()
        names = re.findall(r'_icon\.html" with name="([\w-]+)"', text)
        names += re.findall(r'\bicon="([\w-]+)"', text) + re.findall(r"sprite \}\}#([\w-]+)", text)
        wanted |= dict.fromkeys(names, path.name)
    assert {name: place for name, place in wanted.items() if name not in known} == {}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(assets.ROOT)))
def test_templates_hold_nothing_inline(path):
    text = path.read_text()
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert "<style" not in text
    assert not re.search(r"\sstyle=", text)
    assert not re.search(r"\son\w+=", text)
    assert not re.search(r"\bhx-on|hx-vals=.js:", text)
    assert not re.search(r"\|\s*safe\b|autoescape off", text)


def test_every_class_that_a_template_spells_out_is_known():
    """To a style or to a script: a name that neither knows changes nothing, and hides that something is missing."""
    known = {
        name
        for path in (assets.SOURCE / "css").rglob("*.css")
        for name in re.findall(r"\.([a-z][\w-]*)", path.read_text())
    }
    scripts = "".join(path.read_text() for path in (assets.SOURCE / "js").glob("*.js"))
    unknown = {}
    for path in TEMPLATES:
        for spelled in re.findall(r'class="([^"]*)"', path.read_text()):
            literal = re.sub(r"\{%.*?%\}", " ", re.sub(r"\{\{.*?\}\}", "?", spelled))
            for name in literal.split():
                if re.fullmatch(r"[a-z][\w-]*[a-z0-9]", name) and name not in known and name not in scripts:
                    unknown[name] = path.name
    assert unknown == {}


def test_each_component_is_in_a_bundle():
    bundled = "".join(path.read_text() for path in (assets.SOURCE / "css" / "bundles").glob("*.css"))
    components = (assets.SOURCE / "css" / "components").glob("*.css")
    assert [path.name for path in components if f"components/{path.name}" not in bundled] == []


def test_the_lock_file_names_no_download_address():
    lock = json.loads((assets.ROOT / "package-lock.json").read_text())
    assert not [name for name, part in lock["packages"].items() if "resolved" in part]


@pytest.mark.skipif(not assets.MODULES.is_dir(), reason="npm ci has not run")
def test_build_fills_a_small_folder(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(assets, "TARGET", tmp_path)
    files = {str(path.relative_to(tmp_path)) for path in assets.build()}
    assert {"css/patient.css", "css/staff.css", "css/plain.css", "css/times.css"} <= files
    assert {"js/patient.js", "js/staff.js", "vendor/htmx.js", "img/icons.svg"} <= files
    assert not [name for name in files if (assets.SOURCE / name).exists()]  # one address, one file
    # All bundles together; the pad to sign on, the slider and the camera load on their own pages only.
    assert sum(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file()) < 700_000


def test_every_file_that_another_names_is_there_to_be_served(tmp_path: Path, settings):
    """As `up` collects them: a name that leads nowhere would keep the product from starting."""
    settings.STATIC_ROOT = str(tmp_path)
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    }
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=list(UNSERVED))
    assert (tmp_path / "staticfiles.json").stat().st_size > 1_000


def test_a_missing_package_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(assets, "TARGET", tmp_path / "out")
    monkeypatch.setattr(assets, "MODULES", tmp_path)
    with pytest.raises(assets.AssetError, match="npm ci"):
        assets.build()
