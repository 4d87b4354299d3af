"""From bytes to a bundle: workbooks equal CSV, and each bad file of the issue is refused in words."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook

from contest.exchange.bundle.dump import dump_bundle
from contest.exchange.bundle.model import DOCUMENT, READ_TABLES, Bundle, ParsedBundle
from contest.exchange.bundle.parse import parse_bundle
from contest.exchange.forms.problems import sentence
from contest.infra.bundle_files import BundleFiles, read_bundle_folder, read_bundle_zip
from tests.exchange.helpers import WORDS

PANELS = Path(__file__).parent.parent / "data" / "panels"
NAMES = ("panel-mean-10x9-red", "panel-mean-10x9-white", "panel-trimmed-11x9", "panel-trimmed-37x9")


def parsed(files: BundleFiles) -> ParsedBundle:
    """Parse what was read; a defect of the files themselves is a problem like any other."""
    if files.problems:
        return ParsedBundle(None, files.problems)
    return parse_bundle(files.document, files.tables)


def zipped(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        for name, body in files.items():
            archive.writestr(name, body)
    return stream.getvalue()


def unzipped(files: dict[str, bytes]) -> ParsedBundle:
    return parsed(read_bundle_zip("b.zip", zipped(files), READ_TABLES))


def panel(name: str) -> tuple[Bundle, dict[str, bytes]]:
    bundle = parsed(read_bundle_folder(PANELS / name, READ_TABLES)).bundle
    assert bundle is not None
    return bundle, dump_bundle(bundle)


def as_text(cell: str) -> str:
    return cell


def as_number(cell: str) -> str | float | int:
    """Return what a spreadsheet makes of the cell when somebody opens the CSV and saves it."""
    try:
        value = Decimal(cell)
    except ArithmeticError:
        return cell
    return int(value) if value == value.to_integral_value() else float(value)


def workbook(data: bytes, convert: Callable[[str], str | float | int]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in csv.reader(io.StringIO(data.decode())):
        sheet.append([convert(cell) for cell in row])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("convert", [as_text, as_number])
def test_workbooks_give_the_same_bundle(name: str, convert: Callable[[str], str | float | int]) -> None:
    bundle, files = panel(name)
    books = {f"{stem[:-4]}.xlsx": workbook(data, convert) for stem, data in files.items() if stem != DOCUMENT}
    found = unzipped({DOCUMENT: files[DOCUMENT], **books})
    assert found.problems == ()
    assert found.bundle == bundle


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace(",", ";"),
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace(",", ";").replace(".", ","),
        lambda text: "".join(f'"{line}"\n' for line in text.replace(",", '","').splitlines()),
        lambda text: text.replace("\n", "\n,,,,\n"),
    ],
    ids=["bom", "semicolons", "windows", "decimal commas", "quotes", "blank lines"],
)
def test_ways_in_which_spreadsheets_save_a_table(change: Callable[[str], str]) -> None:
    bundle, files = panel("panel-trimmed-11x9")
    files["scores.csv"] = change(files["scores.csv"].decode()).encode()
    found = unzipped(files)
    assert found.problems == ()
    assert found.bundle == bundle


@pytest.mark.parametrize("name", NAMES)
def test_folder_and_archive_are_the_same(name: str, tmp_path: Path) -> None:
    bundle, files = panel(name)
    for file, data in files.items():
        (tmp_path / file).write_bytes(data)
    assert parsed(read_bundle_folder(tmp_path, READ_TABLES)).bundle == bundle
    assert unzipped({f"thi/{file}": data for file, data in files.items()}).bundle == bundle


def replaced(old: str, new: str) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        assert old.encode() in data
        return data.replace(old.encode(), new.encode(), 1)

    return change


LINE = "r1,J1,W01,OVERALL,14\n"


def scored(mark: str) -> Callable[[bytes], bytes]:
    return replaced(LINE, f"r1,J1,W01,OVERALL,{mark}\n")


@pytest.mark.parametrize(
    ("file", "change", "words"),
    [
        ("scores.csv", scored("chín"), "row 2, column “score”: “chín” is not a number."),
        ("scores.csv", replaced("criterion,score", "criterion,mark"), "column “score”: This column is missing."),
        ("scores.csv", replaced(LINE, "r1,J12,W01,OVERALL,9\n"), "row 2, column “judge”: There is no judge"),
        ("scores.csv", scored("20.5"), "20.5 is outside the scale of “OVERALL”: from 0 to 20."),
        ("scores.csv", scored("9.25"), "9.25 is no mark of “OVERALL”"),
        ("scores.csv", replaced(LINE, LINE + LINE), "row 3: The same as row 2 (r1 / J1 / W01 / OVERALL)."),
        ("scores.csv", scored(f"{'9' * 10_000_000}"), "row 2, column “score”: The cell holds more"),
        ("scores.csv", scored("9\0"), "row 2, column “score”: The cell holds a NUL byte."),
        ("scores.csv", scored("=cmd|'/c calc'!A1"), "“=cmd|'/c calc'!A1” is not a number."),
        ("scores.csv", lambda _data: b"", "scores.csv: The file is empty."),
        ("scores.csv", replaced(LINE, "r1,J1,W01\n"), "row 2: The row has 3 cells, the header 5."),
        ("scores.csv", scored('"9'), "row 2, column “score”: A quotation mark"),
        ("scores.csv", lambda data: data.decode().encode("utf-16"), "The text is not UTF-8 (found: UTF-16)."),
        ("scores.csv", lambda data: b"PK\x03\x04" + data, "The file is damaged"),
        ("judges.csv", replaced("J1,Judge J1", "J1,\u202eJudge"), "The text holds the hidden character U+202E."),
        ("submissions.csv", replaced("W02,", "w01,"), "The code “w01” is already used in row 2."),
        (
            "edition.toml",
            replaced('max = "20"', "max = 20.0"),
            "setting rounds[1].criteria[1].max: “max” decides results",
        ),
        ("edition.toml", replaced("kind", "kinds"), "There is no setting “kinds”. Did you mean “kind”?"),
        ("edition.toml", replaced("[[rounds]]", "[[rounds]"), "The file cannot be read as TOML"),
    ],
)
def test_one_bad_thing_refuses_all_and_says_why(file: str, change: Callable[[bytes], bytes], words: str) -> None:
    _, files = panel("panel-mean-10x9-red")
    found = unzipped({**files, file: change(files[file])})
    assert found.bundle is None
    with WORDS.app_context():
        said = [sentence(problem) for problem in found.problems]
    assert any(line.startswith(file) and words in line for line in said), said


def test_a_formula_in_a_name_is_a_name() -> None:
    _, files = panel("panel-mean-10x9-red")
    files["submissions.csv"] = replaced("House W01", '"=HYPERLINK(""https://example.org"",""x"")"')(
        files["submissions.csv"]
    )
    found = unzipped(files)
    assert found.bundle is not None
    assert found.bundle.submissions[0].team == '=HYPERLINK("https://example.org","x")'
    assert unzipped(dump_bundle(found.bundle)).bundle == found.bundle


def test_a_calculated_mark_of_a_workbook_is_refused() -> None:
    _, files = panel("panel-mean-10x9-red")
    data = scored("=4+5")(files.pop("scores.csv"))
    found = unzipped({**files, "scores.xlsx": workbook(data, as_number)})
    assert [(each.file, each.row, each.column, each.code) for each in found.problems] == [
        ("scores.xlsx", 2, "score", "number_invalid")
    ]
