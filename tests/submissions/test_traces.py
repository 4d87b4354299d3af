"""Names in texts: found in every spelling, and not where they are not."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.submissions.traces import Kind, Name, Place, Source, traces

PERSON = Name(Kind.PERSON, "Trần Anh Dũng")
SCHOOL = Name(Kind.SCHOOL, "THPT Lê Thánh Tôn")
TEAM = Name(Kind.TEAM, "Ánh Sáng")
MAIL = Name(Kind.MAIL, "dung@example.org")
PHONE = Name(Kind.PHONE, "0903 123 782")


def found(name: Name, text: str, place: Place = Place.SUMMARY) -> list[str]:
    return [trace.found for trace in traces([name], [Source(place, text)])]


@pytest.mark.parametrize(
    ("name", "text", "spots"),
    [
        (PERSON, "Em là Trần Anh Dũng, lớp 11.", ["Trần Anh Dũng"]),
        (PERSON, "TRAN ANH DUNG", ["TRAN ANH DUNG"]),
        (
            PERSON,
            unicodedata.normalize("NFD", "Bạn Trần  Anh\nDũng"),
            [unicodedata.normalize("NFD", "Trần  Anh\nDũng")],
        ),
        (PERSON, "bạn Anh Dũng kể", ["Anh Dũng"]),
        (PERSON, "KeHoach-TranAnhDung_v2.pdf", ["TranAnhDung"]),
        (PERSON, "tran_anh_dung.pdf", ["tran_anh_dung"]),
        (PERSON, "tác giả T.A.D. và T. A. D", ["T.A.D.", "T. A. D"]),
        (Name(Kind.PERSON, "Đỗ Ân"), "ký tên Đ.Â và D.A.", ["Đ.Â", "D.A."]),
        (PERSON, "TAD, dũng cảm, anh dũng cảm hơn, Trần", ["anh dũng"]),
        (PERSON, "Dũng cảm là đức tính", []),
        (PERSON, "Trần nhà, anh, dũng sĩ", ["anh, dũng"]),
        (SCHOOL, "trường thpt lê thánh tôn", ["thpt lê thánh tôn"]),
        (SCHOOL, "Trường Lê Thánh Tôn", ["Lê Thánh Tôn"]),
        (SCHOOL, "trường THPT ở quận 1", []),
        (TEAM, "nhóm Ánh Sáng; ánh sáng đèn", ["Ánh Sáng", "ánh sáng"]),
        (MAIL, "thư: Dung@Example.org.", ["Dung@Example.org"]),
        (MAIL, "khac.dung@example.org", []),
        (PHONE, "gọi 0903.123.782 hay +84 903 123 782", ["0903.123.782", "+84 903 123 782"]),
        (PHONE, "gọi 0903 123 783", []),
        (Name(Kind.TEAM, "A1"), "lớp A1", []),
        (Name(Kind.TEAM, "  "), "   ", []),
    ],
)
def test_a_name_is_found_as_people_write_it(name: Name, text: str, spots: list[str]) -> None:
    assert found(name, text) == [unicodedata.normalize("NFC", spot) for spot in spots]


def test_a_spot_is_said_once_by_its_longest_name_with_what_stands_around() -> None:
    names = [PERSON, Name(Kind.PERSON, "Anh Dũng"), PERSON]

    (trace,) = traces(names, [Source(Place.PART, "Chào, em là Trần Anh Dũng đây.", "problem")])

    assert (trace.name, trace.before, trace.found, trace.after) == (PERSON, "Chào, em là ", "Trần Anh Dũng", " đây.")
    assert not trace.hidden


def test_what_stands_further_away_is_left_out() -> None:
    (trace,) = traces([PERSON], [Source(Place.TITLE, f"{'a ' * 30}\nTrần Anh Dũng.pdf {'b ' * 30}")])

    assert (trace.before[:3], trace.before[-3:]) == ("… a", " a ")
    assert (trace.after[:6], trace.after[-3:]) == (".pdf b", "b …")
    assert len(trace.before) + len(trace.after) < 90


def test_what_blind_judges_do_not_get_is_said_apart() -> None:
    sources = [Source(place, "Trần Anh Dũng") for place in Place]

    hidden = [trace.source.place for trace in traces([PERSON], sources) if trace.hidden]

    assert hidden == [Place.FILE_NAME, Place.FILE_NOTE]


def test_a_long_list_of_one_name_is_cut() -> None:
    assert len(found(TEAM, "Ánh Sáng " * 500)) == 20


@given(st.text(max_size=60), st.text(max_size=60))
def test_what_is_found_stands_in_the_text(name: str, text: str) -> None:
    for kind in Kind:
        for trace in traces([Name(kind, name)], [Source(Place.TITLE, text)]):
            assert trace.found
            assert trace.found in unicodedata.normalize("NFC", text)
