"""Typst documents as PDF: a template of ours, values of anybody, and nothing else of this machine.

Values reach a template as JSON text (`json(bytes(sys.inputs.values))`), never as markup: a name that looks like code is
printed as it stands. A template sees only its own folder, the shared `house.typ` and the pictures that it was given.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

import typst

HERE = Path(__file__).parent
FONTS = HERE / "fonts"
SHARED = HERE / "typst"
ARCHIVE: Literal["a-2b"] = "a-2b"
"""PDF/A-2b: what archives take, with every font inside."""


def typeset(
    template: Path, values: Mapping[str, Any], *, made_at: datetime, pictures: Mapping[str, bytes] | None = None
) -> bytes:
    """Return a document as PDF/A-2b; the same template, values, moment and pictures give the same bytes.

    `template`: a .typ file; the other files of its folder may be imported by it. `pictures`: file name -> content, read
    by the template as "/pictures/<name>". `made_at`: aware; stands in the file as its date.
    Raises `typst.TypstError` on a template or a picture that is broken.
    """
    with _compiler(template, values, pictures or {}) as compiler:
        made = compiler.compile(format="pdf", pdf_standards=[ARCHIVE], timestamp=int(made_at.timestamp()))
    if not isinstance(made, bytes):
        raise TypeError("the typesetter made no single file")
    return made


def typeset_picture(
    template: Path, values: Mapping[str, Any], *, dots: float, pictures: Mapping[str, bytes] | None = None
) -> bytes:
    """Return the first page of a document as PNG with `dots` per inch; else as `typeset`."""
    with _compiler(template, values, pictures or {}) as compiler:
        made = compiler.compile(format="png", ppi=dots)
    if isinstance(made, list):
        made = made[0]
    if not isinstance(made, bytes):
        raise TypeError("the typesetter made no picture")
    return made


@contextmanager
def _compiler(template: Path, values: Mapping[str, Any], pictures: Mapping[str, bytes]) -> Iterator[typst.Compiler]:
    with tempfile.TemporaryDirectory(prefix="typeset-") as folder:
        root = Path(folder)
        for source in (SHARED, template.parent):
            for path in source.glob("*.typ"):
                shutil.copyfile(path, root / path.name)
        (root / "pictures").mkdir()
        for name, content in pictures.items():
            (root / "pictures" / Path(name).name).write_bytes(content)
        yield typst.Compiler(
            str(root / template.name),
            root=str(root),
            font_paths=_fonts(),
            sys_inputs={"values": json.dumps(values, ensure_ascii=False)},
            package_path=str(root),
            package_cache_path=str(root),
        )


@cache
def _fonts() -> typst.Fonts:
    """Return the vendored fonts, read once per process; with no other font every machine prints alike."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
