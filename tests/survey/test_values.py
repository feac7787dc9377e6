import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey import values
from survey.models import Cell, Option
from survey.values import BLANK, Misread, Typed, Value

CELL = Cell(code="Q6.count", minimum=0)
OPTIONS = (
    Option(code=1, label_ja="設置している", label_en="Yes"),
    Option(code=2, label_ja="設置していない", label_en="No"),
    Option(code=3, label_ja="その他", label_en="Other", takes_text=True),
)


def number(said: str, **typed: str) -> Value:
    return values.read(Typed(said, **typed), cell=CELL, kind="int")


def choice(said: str, **typed: str) -> Value:
    return values.read(Typed(said, **typed), cell=CELL, kind="single", options=OPTIONS)


@pytest.mark.parametrize(
    ("said", "expected"), [("0", 0), (" 12 ", 12), ("１２３", 123), ("1,234", 1234), ("１，２３４", 1234), ("007", 7)]
)
def test_number_is_read_as_offices_write_it(said: str, expected: int) -> None:
    assert number(said) == Value("ok", number=expected)


def test_zero_is_an_answer_and_blank_is_none() -> None:
    assert number("0").is_blank is False
    assert number("") == BLANK
    assert number(" 　") == BLANK


@pytest.mark.parametrize(
    "said",
    [
        "1.5",
        "約100",
        "-1",
        "1e3",
        "12人",
        "²",
        "٣",
        "9" * 13,
        "1000000000",
        "=1+1",
        "0x10",
        "1,5",
        "12,34",
        ",7",
        "1,2345",
    ],
)
def test_number_refuses_what_is_no_whole_number_in_range(said: str) -> None:
    with pytest.raises(Misread):
        number(said)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("該当なし", "a"),
        ("nc", "nc"),
        ("集計していない", "nc"),
        ("わからない", "u"),
        ("他の欄に含む", "x"),
        ("Ｎ／Ａ", "a"),
    ],
)
def test_reasons_are_understood_in_place_of_a_number(said: str, code: str) -> None:
    assert number(said) == Value(code)


def test_reason_beside_a_number_is_refused() -> None:
    with pytest.raises(Misread):
        number("3", reason="nc")


def test_unknown_reason_is_refused() -> None:
    with pytest.raises(Misread):
        number("", reason="because")


@pytest.mark.parametrize("said", ["1", "設置している", "1 設置している", "yes", "１　設置している"])
def test_choice_is_read_by_number_or_words(said: str) -> None:
    assert choice(said) == Value("ok", option=1)


def test_number_of_an_option_goes_before_words_that_look_like_it() -> None:
    options = [Option(code=code, label_ja=str(5 * code), label_en="") for code in range(1, 6)]

    assert values.read(Typed("5"), cell=CELL, kind="single", options=options) == Value("ok", option=5)
    assert values.read(Typed("20"), cell=CELL, kind="single", options=options) == Value("ok", option=4)


def test_choice_keeps_words_only_where_the_option_asks_for_them() -> None:
    assert choice("3", note="理事会").note == "理事会"
    assert choice("1", note="理事会").note == ""


def test_choice_refuses_what_is_no_option() -> None:
    with pytest.raises(Misread, match="1, 2, 3"):
        choice("4")


def test_words_are_no_reason_in_a_text() -> None:
    read = values.read(Typed("該当なし"), cell=CELL, kind="text")

    assert read == Value("ok", text="該当なし")


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", "\ufffe", "a\x1bb"])
def test_text_that_cannot_be_stored_is_refused(text: str) -> None:
    with pytest.raises(Misread, match="U\\+"):
        values.read(Typed(text), cell=CELL, kind="text")


def test_text_that_is_too_long_is_refused_and_not_cut() -> None:
    with pytest.raises(Misread, match="2001"):
        values.read(Typed("あ" * 2001), cell=CELL, kind="text")


@given(st.text(), st.sampled_from(["int", "text", "single", "yesno", "multi", "matrix"]))
def test_any_text_is_read_or_refused(said: str, kind: str) -> None:
    try:
        value = values.read(Typed(said, note=said), cell=CELL, kind=kind, options=OPTIONS)
    except Misread:
        return
    assert value.is_blank == (value.status == "m")
    assert values.read(Typed(value.said, value.reason, value.note), cell=CELL, kind=kind, options=OPTIONS) == value


def test_digest_tells_values_apart_and_is_stable() -> None:
    found = [BLANK, Value("ok", number=0), Value("ok", number=1), Value("a"), Value("ok", option=3, note="x")]

    assert len({value.digest for value in found}) == len(found)
    assert Value("ok", number=1).digest == Value("ok", number=1).digest
