"""LibreOffice without a screen: workbooks are opened, computed anew, and written again."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

SOFFICE = shutil.which("soffice")
MISSING = "LibreOffice is not installed (soffice): apt install libreoffice-calc-nogui, as .ci/run does"
needs_office = pytest.mark.skipif(SOFFICE is None, reason=MISSING)

# Recompute every formula on loading, whoever wrote the file.
_ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
MOST_SECONDS = 300


def profile(folder: Path) -> Path:
    """Return a fresh profile that computes everything on loading."""
    user = folder / "profile" / "user"
    user.mkdir(parents=True, exist_ok=True)
    (user / "registrymodifications.xcu").write_text(_ALWAYS, encoding="utf-8")
    return folder / "profile"


def converted(files: Sequence[Path], ending: str, folder: Path) -> list[Path]:
    """Return the files written again by LibreOffice as `ending` ("xlsx", "csv:…"), in their order."""
    out = folder / f"out-{ending.partition(':')[0]}"
    out.mkdir(exist_ok=True)
    command = [
        str(SOFFICE),
        f"-env:UserInstallation={profile(folder).as_uri()}",
        "--headless",
        "--convert-to",
        ending,
        "--outdir",
        str(out),
        *map(str, files),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=MOST_SECONDS)
    return [out / f"{file.stem}.{ending.partition(':')[0]}" for file in files]
