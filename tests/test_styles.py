"""One name, one meaning: no two style sheets of a bundle give the same class its looks."""

import re
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent / "static" / "css"
LONE = re.compile(r"(?:^|[,}])\s*\.([\w-]+)(?=\s*[,{])", re.MULTILINE)
IMPORT = re.compile(r'@import url\("([^"]+)"\)')


def test_a_class_is_defined_in_one_style_sheet():
    for bundle in sorted((ROOT / "bundles").glob("*.css")):
        found = defaultdict(set)
        for name in IMPORT.findall(bundle.read_text()):
            path = (bundle.parent / name).resolve()
            if path.parent.name == "components":
                text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
                # What a sheet says inside @media and @supports only refines what is defined somewhere.
                outside = re.sub(r"@[^{]+\{(?:[^{}]|\{[^{}]*\})*\}", "", text)
                for block in LONE.findall(outside):
                    found[block].add(path.name)
        assert {name: files for name, files in found.items() if len(files) > 1} == {}, bundle.name
