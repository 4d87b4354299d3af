"""The bill of materials: `python -m tests.tools.sbom` writes docs/sbom.json, CycloneDX 1.6.

Python libraries come from the runtime lock, what a browser loads from contest/static/vendor/VENDOR.md.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PLACE = ROOT / "docs" / "sbom.json"
LOCK = ROOT / "requirements.txt"
VENDOR = ROOT / "contest" / "static" / "vendor" / "VENDOR.md"
LICENCE = re.compile(r"^- Licence: ([^\s(;,]+)", re.MULTILINE)
PACKAGE = re.compile(r"npm packages? `([^`]+)` (\d[\w.-]*)")


@dataclass(frozen=True, slots=True)
class Vendored:
    """A package of npm of which files lie in our own folder."""

    name: str
    version: str
    licence: str


def vendored() -> list[Vendored]:
    """Return what VENDOR.md lists, in its order."""
    sections = re.split(r"^## ", VENDOR.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    found = [(LICENCE.search(section), PACKAGE.search(section)) for section in sections]
    return [Vendored(package[1], package[2], licence[1]) for licence, package in found if licence and package]


def bill() -> dict[str, Any]:
    """Return the bill; the same lock and the same folder give the same bill."""
    command = [
        sys.executable,
        "-m",
        "cyclonedx_py",
        "requirements",
        "--output-reproducible",
        "--short-PURLs",
        str(LOCK),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    made: dict[str, Any] = json.loads(done.stdout)
    made.pop("serialNumber", None)
    made["metadata"] = {"component": {"type": "application", "name": "bang-vang", "licenses": [_licence("Apache-2.0")]}}
    for one in made["components"]:
        for name in ("externalReferences", "hashes", "description"):  # the lock holds the digests
            one.pop(name, None)
        one["bom-ref"] = one["purl"]
    made["components"] += [_component(one) for one in vendored()]
    made["dependencies"] = []
    return made


def _licence(name: str) -> dict[str, Any]:
    return {"license": {"id": name}}


def _component(one: Vendored) -> dict[str, Any]:
    purl = f"pkg:npm/{one.name.replace('@', '%40', 1)}@{one.version}"
    return {
        "bom-ref": purl,
        "type": "library",
        "name": one.name,
        "version": one.version,
        "purl": purl,
        "licenses": [_licence(one.licence)],
    }


def main() -> int:
    """Write the bill."""
    PLACE.write_text(json.dumps(bill(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
