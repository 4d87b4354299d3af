"""Typst documents as PDF: a template of ours, values of anybody, and nothing else of this machine.

Values reach a template as JSON text (`json(bytes(sys.inputs.values))`), never as markup: a name that looks like code is
printed as it stands. A template sees only its own folder, the shared `house.typ` and the pictures that it was given.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

import pikepdf
import typst

HERE = Path(__file__).parent
FONTS = HERE / "fonts"
SHARED = HERE / "typst"
ARCHIVE: Literal["a-2b"] = "a-2b"
"""PDF/A-2b: what archives take, with every font inside."""
# What the typesetter says of a letter that it has no picture of.
NO_SIGN = "could not be displayed with"
CHILD = Path(__file__).with_name("typst_child.py")
CHILD_SECONDS = 120


def typeset(
    template: Path, values: Mapping[str, Any], *, made_at: datetime, pictures: Mapping[str, bytes] | None = None
) -> bytes:
    """Return a document as PDF/A-2b; the same template, values, moment and pictures give the same bytes.

    `template`: a .typ file; the other files of its folder may be imported by it. `pictures`: file name -> content, read
    by the template as "/pictures/<name>". `made_at`: aware; stands in the file as its date. A text with a sign that no
    font of ours has makes a plain PDF, with a box for the sign: the standard forbids the box.
    Raises `typst.TypstError` on a template or a picture that is broken.
    """
    with _compiler(template, values, pictures or {}) as compiler:
        try:
            made = compiler.compile(format="pdf", pdf_standards=[ARCHIVE], timestamp=int(made_at.timestamp()))
        except typst.TypstError as error:
            if NO_SIGN not in str(error):
                raise
            made = compiler.compile(format="pdf", timestamp=int(made_at.timestamp()))
    if not isinstance(made, bytes):
        raise TypeError("the typesetter made no single file")
    return made


def typeset_long(
    template: Path,
    parts: Sequence[Mapping[str, Any]],
    *,
    made_at: datetime,
    pictures: Mapping[str, bytes] | None = None,
) -> bytes:
    """Return documents one after another in one PDF/A-2b; else as `typeset`. Each begins on a page of its own.

    `parts`: the values of each document, one at least. Several are set one at a time in a child process: what the
    typesetter keeps of a document would otherwise stay in this process, about a megabyte per page. The whole carries
    the date and the title of the first.
    Raises `ChildProcessError` when a part can't be set, with what the typesetter said.
    """
    if len(parts) == 1:
        return typeset(template, parts[0], made_at=made_at, pictures=pictures)
    made = []
    for values in parts:
        with _folder(template, pictures or {}) as root:
            made.append(_set_apart(root, template.name, values, made_at))
    return _joined(made)


def _set_apart(root: Path, template: str, values: Mapping[str, Any], made_at: datetime) -> bytes:
    wish = {
        "template": str(root / template), "root": str(root), "fonts": str(FONTS), "standard": ARCHIVE,
        "no_sign": NO_SIGN, "values": json.dumps(values, ensure_ascii=False), "timestamp": int(made_at.timestamp()),
    }  # fmt: skip
    child = subprocess.run(  # noqa: S603  our own file, nothing of anybody's is in the command
        [sys.executable, "-I", str(CHILD)],
        input=json.dumps(wish).encode(),
        timeout=CHILD_SECONDS,
        check=False,
        capture_output=True,
        env={},
    )
    if child.returncode:
        raise ChildProcessError(child.stderr.decode(errors="replace")[-2_000:])
    return child.stdout


def _joined(made: Sequence[bytes]) -> bytes:
    """Return one file of the pages of several, the same bytes for the same files.

    The trees that tag the pages for readers name pages of their own file only: in the whole they would lie, and go.
    """
    buffer = BytesIO()
    with ExitStack() as opened:
        whole, *others = (opened.enter_context(pikepdf.open(BytesIO(one))) for one in made)
        archive = all("/OutputIntents" in one.Root for one in (whole, *others))
        for other in others:
            whole.pages.extend(other.pages)
        # One plain part makes the whole plain: it must not call itself an archive file.
        for name in ("/StructTreeRoot", "/MarkInfo", *(() if archive else ("/OutputIntents", "/Metadata"))):
            if name in whole.Root:
                del whole.Root[name]
        for page in whole.pages:
            if "/StructParents" in page.obj:
                del page.obj["/StructParents"]
        whole.save(buffer, deterministic_id=True)
    return buffer.getvalue()


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
    with _folder(template, pictures) as root:
        yield typst.Compiler(
            str(root / template.name),
            root=str(root),
            font_paths=_fonts(),
            sys_inputs={"values": json.dumps(values, ensure_ascii=False)},
            package_path=str(root),
            package_cache_path=str(root),
        )


@contextmanager
def _folder(template: Path, pictures: Mapping[str, bytes]) -> Iterator[Path]:
    """Lay out all that a template may see."""
    with tempfile.TemporaryDirectory(prefix="typeset-") as folder:
        root = Path(folder)
        for source in (SHARED, template.parent):
            for path in source.glob("*.typ"):
                shutil.copyfile(path, root / path.name)
        (root / "pictures").mkdir()
        for name, content in pictures.items():
            (root / "pictures" / Path(name).name).write_bytes(content)
        yield root


@cache
def _fonts() -> typst.Fonts:
    """Return the vendored fonts, read once per process; with no other font every machine prints alike."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
