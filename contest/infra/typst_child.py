"""The child of `typesetting`: sets one document, ends, and its memory with it; never part of the application."""

from __future__ import annotations

import json
import sys

import typst


def main() -> None:
    """Read the wish (template, root, fonts, values, standard, sign, timestamp) and write the PDF to the output."""
    wish = json.load(sys.stdin)
    compiler = typst.Compiler(
        wish["template"],
        root=wish["root"],
        font_paths=typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[wish["fonts"]]),
        sys_inputs={"values": wish["values"]},
        package_path=wish["root"],
        package_cache_path=wish["root"],
    )
    try:
        made = compiler.compile(format="pdf", pdf_standards=[wish["standard"]], timestamp=wish["timestamp"])
    except typst.TypstError as error:
        if wish["no_sign"] not in str(error):
            raise
        made = compiler.compile(format="pdf", timestamp=wish["timestamp"])
    if not isinstance(made, bytes):
        raise TypeError("the typesetter made no single file")
    sys.stdout.buffer.write(made)


if __name__ == "__main__":
    main()
