"""The little language of a questionnaire's rules: what it says, what it leaves open, and what it refuses to read."""

from contextlib import suppress

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from survey import rules
from survey.rules import LONGEST, Facts, RuleError

# Q1.yes is 1, Q1.no is 0, Q1.two is 2, Q1.said holds words, Q1.blank nothing.
NUMBERS = {"Q1.yes": 1, "Q1.no": 0, "Q1.two": 2}
FACTS = Facts(NUMBERS, {*NUMBERS, "Q1.said"}, is_pilot=False)
WORDS = [
    *("Q1.yes", "Q1.blank", "Q4.edu.2005", "Q1", "1", "0", "007", "9" * 15, "9" * 16, "pilot", "answered", "answered("),
    *("not", "and", "or", "=", "<>", "<", "<=", ">", ">=", "+", "-", "*", "(", ")", "==", "!", "/", ".", "Q1."),
    *(
        "\n",
        "\t",
        "\x00",
        "１",
        "ｐilot",
        "質問",
        "\ud800",
        "__import__('os')",
        "lambda: 0",
        "0x10",
        "1e9",
        "-",
        "%s",
        "{}",
    ),
]


def holds(text: str, facts: Facts = FACTS) -> bool | None:
    return rules.read(text).holds(facts)


@pytest.mark.parametrize(
    ("text", "is_true"),
    [
        *((f"Q1.two {sign} 2", is_true) for sign, is_true in (("=", True), ("<>", False), ("<", False), ("<=", True))),
        *((f"Q1.two {sign} 2", is_true) for sign, is_true in ((">", False), (">=", True))),
        ("Q1.two + Q1.two * Q1.two = 6", True),
        ("(Q1.two + Q1.two) * Q1.two = 8", True),
        ("Q1.two - Q1.yes - Q1.yes = 0", True),
        ("1 + 1 = 2 and 1 - 2 < 0", True),
        ("Q1.two", True),
        ("Q1.no", False),
        ("not Q1.no", True),
        ("not not Q1.no", False),
        ("not Q1.no = 0", False),
        ("Q1.no = 1 and Q1.no = 1 or Q1.yes = 1", True),
        ("Q1.no = 1 and (Q1.no = 1 or Q1.yes = 1)", False),
        ("(Q1.no = 0) = (Q1.two = 0)", False),
        ("answered(Q1.said) = answered(Q1.yes)", True),
        ("answered(Q1.blank)", False),
        ("pilot", False),
        ("  not(pilot)\n", True),
        ("Q1.two<=3*Q1.yes", True),
    ],
)
def test_rule_says_what_it_means(text: str, is_true: bool) -> None:
    assert holds(text) is is_true


def test_rule_knows_the_pilots() -> None:
    assert holds("pilot and Q1.yes = 1", Facts(NUMBERS, set(), is_pilot=True)) is True


@pytest.mark.parametrize(
    "text",
    [
        *("Q1.blank", "Q1.said", "Q1.blank = 1", "not Q1.blank", "not Q1.blank = 1", "Q1.blank <> Q1.blank"),
        *("Q1.blank + 1 > 0", "Q1.blank * 0 = 0", "Q1.blank = 1 and Q1.yes", "Q1.yes and Q1.blank"),
        *("Q1.blank or Q1.no", "Q1.no or Q1.blank", "Q1.blank and Q1.blank", "Q1.blank or Q1.blank"),
        *("(Q1.blank or Q1.yes = 0) = 1", "Q1.blank - Q1.blank = 0"),
    ],
)
def test_what_depends_on_an_unknown_number_is_unknown(text: str) -> None:
    assert holds(text) is None


@pytest.mark.parametrize(
    ("text", "is_true"),
    [
        ("Q1.blank and Q1.no", False),
        ("Q1.no and Q1.blank", False),
        ("Q1.blank or Q1.yes", True),
        ("Q1.yes or Q1.blank", True),
        ("not (Q1.blank and Q1.no)", True),
        ("not (Q1.blank or Q1.two = 2)", False),
        ("answered(Q1.blank) or Q1.yes", True),
    ],
)
def test_unknown_number_that_does_not_matter_leaves_nothing_open(text: str, is_true: bool) -> None:
    assert holds(text) is is_true


def test_rule_tells_the_cells_it_names_once_in_their_order() -> None:
    rule = rules.read("Q4.edu.2008 <= 3 * Q4.edu.2005 or answered(Q1.hq) and Q4.edu.2008 = 0")

    assert rule.cells == ("Q4.edu.2008", "Q4.edu.2005", "Q1.hq")
    assert rules.read("pilot").cells == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the end"),
        ("Q1.hq =", "the end"),
        ("Q1.hq = 1 Q1.head = 2", "Q1.head"),
        ("Q1.hq = = 1", "="),
        ("Q1.hq == 1", "="),
        ("= 1", "="),
        ("1 < 2 < 3", "<"),
        ("(Q1.hq = 1", "the end"),
        ("Q1.hq = 1)", ")"),
        ("answered(1)", "1"),
        ("answered Q1.hq", "Q1.hq"),
        ("unknown(Q1.hq)", "unknown"),
        ("yes", "yes"),
        ("Q1.hq and", "the end"),
        ("-1 < 0", "-"),
        ("Q1.hq / 2", "/ 2"),
        ("Q1 = 1", "Q1 = 1"),
        ("Q1.hq ＝ 1", "＝ 1"),
        ("Q1.hq = 'x'; DROP TABLE", "'x'; DROP TABLE"),
        ("1" * 16, "1"),
        ("(" * 21 + "1" + ")" * 21, "too many brackets"),
        ("1" + " or 1" * 60, "at most 300 characters"),
    ],
)
def test_what_is_no_rule_is_refused_with_the_place(text: str, said: str) -> None:
    with translation.override("en"), pytest.raises(RuleError) as refusal:
        rules.read(text)

    assert said in str(refusal.value)


def test_brackets_and_denials_may_be_many() -> None:
    assert holds("(" * 18 + "Q1.yes" + ")" * 18) is True
    assert holds("not " * 70 + "Q1.yes") is True
    assert len("not " * 70) < LONGEST


@pytest.mark.parametrize(
    ("code", "is_cell"),
    [
        *(("Q1.hq", True), ("Q4.edu.2005", True), ("F3.name", True), ("q_1.a_b", True)),
        *(("Q1", False), ("Q1.", False), (".hq", False), ("1.hq", False), ("Q1 .hq", False), ("Q1.hq\n", False)),
        *(("", False), ("Q1.本部", False), ("Q1-hq", False)),
    ],
)
def test_code_of_a_cell_is_one_that_rules_can_name(code: str, is_cell: bool) -> None:
    assert rules.is_cell(code) is is_cell


FRAGMENTS = st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=5)), max_size=60)


@settings(max_examples=500, deadline=None)
@given(FRAGMENTS, st.sampled_from(["", " "]), st.booleans())
def test_any_text_is_a_rule_or_a_refusal(fragments: list[str], gap: str, is_pilot: bool) -> None:
    """Nobody can write a text into the desk that ends in anything else."""
    with suppress(RuleError):
        rule = rules.read(gap.join(fragments))
        assert rule.holds(Facts(NUMBERS, {"Q1.said"}, is_pilot)) in {True, False, None}


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=400))
def test_any_characters_are_a_rule_or_a_refusal(text: str) -> None:
    with suppress(RuleError):
        rules.read(text)


NAMES = ["Q1.a", "Q1.b", "Q1.c"]
CONDITIONS = st.recursive(
    st.sampled_from([f"{name} = 1" for name in NAMES]),
    lambda inner: st.one_of(
        st.builds(lambda one, other: f"({one} and {other})", inner, inner),
        st.builds(lambda one, other: f"({one} or {other})", inner, inner),
        st.builds(lambda one: f"not ({one})", inner),
    ),
    max_leaves=6,
)


@settings(max_examples=200, deadline=None)
@given(CONDITIONS, st.fixed_dictionaries(dict.fromkeys(NAMES, st.sampled_from([0, 1, None]))))
def test_what_is_settled_stays_so_whatever_the_unknown_numbers_become(text: str, known: dict[str, int | None]) -> None:
    """A check that holds, or does not, with some answers missing is not overturned by them."""
    rule = rules.read(text)
    numbers = {name: number for name, number in known.items() if number is not None}
    settled = rule.holds(Facts(numbers, set(), is_pilot=False))

    if settled is not None:
        for rest in (0, 1):
            full = {name: numbers.get(name, rest) for name in NAMES}
            assert rule.holds(Facts(full, set(), is_pilot=False)) is settled
