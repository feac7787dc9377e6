"""Words beside the answers as a browser posts them: what is said about checks, and replies to JSPS.

For the check `C`: `text.C`; hidden `values.C`, the values it was shown for, and `w.C`, the digest of the explanation
that was shown. The button that was pressed says `check=C`: without words it confirms. For the remark with the key `K`:
`reply.K`, and hidden `w.K`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from survey.answering import LONGEST_EXPLANATION, Finding, Reply, Said
from survey.models import Explanation, Remark, digest_of
from survey.values import Misread, clean


@dataclass(frozen=True)
class Left:
    """Words that were not taken: why they can't be stored, or what a colleague wrote meanwhile, or neither of both."""

    text: str
    problem: str = ""
    stored: Explanation | Remark | None = None


@dataclass
class PostedWords:
    """What was said about checks, and by the codes of the others what was not taken."""

    said: list[Said] = field(default_factory=list)
    left: dict[str, Left] = field(default_factory=dict)


@dataclass
class PostedReplies:
    """The replies, and by the keys of the other remarks what was not taken."""

    replies: list[Reply] = field(default_factory=list)
    left: dict[int, Left] = field(default_factory=dict)


def posted_words(data: Mapping[str, str], findings: Iterable[Finding]) -> PostedWords:
    """What somebody wrote or confirmed; what nobody touched is left out. No query."""
    found, soft = PostedWords(), {one.check.code: one for one in findings if not one.check.is_hard}
    codes = [name.removeprefix("text.") for name in data if name.startswith("text.")]
    for code in dict.fromkeys([*codes, *filter(None, [data.get("check", "")])]):
        typed, seen, values = (data.get(f"{name}.{code}", "") for name in ("text", "w", "values"))
        finding = soft.get(code)
        try:
            text = _read(typed)
        except Misread as misread:
            found.left[code] = Left(typed, str(misread))
            continue
        if code != data.get("check") and _is_untouched(text, seen):
            continue
        if finding is None or finding.values != values:
            found.left[code] = Left(text)
        else:
            found.said.append(Said(finding.check.row, values, text, seen))
    return found


def not_written(said: Iterable[Said], others: Mapping[int, Explanation]) -> dict[str, Left]:
    """What was said where a colleague said otherwise, by the codes of the checks; `others` as `explain` returns it."""
    return {one.check.code: Left(one.text, stored=others[one.check.pk]) for one in said if one.check.pk in others}


def posted_replies(data: Mapping[str, str], remarks: Iterable[Remark]) -> PostedReplies:
    """What somebody replied; what nobody touched is left out. No query."""
    found = PostedReplies()
    for remark in remarks:
        typed, seen = (data.get(f"{name}.{remark.pk}", "") for name in ("reply", "w"))
        try:
            text = _read(typed)
        except Misread as misread:
            found.left[remark.pk] = Left(typed, str(misread))
            continue
        if f"reply.{remark.pk}" in data and not _is_untouched(text, seen):
            found.replies.append(Reply(remark.pk, text, seen))
    return found


def _is_untouched(text: str, seen: str) -> bool:
    return digest_of(text) == seen if seen else not text


def _read(typed: str) -> str:
    """:raises Misread: when it can't be stored."""
    text = clean(typed)
    if len(text) > LONGEST_EXPLANATION:
        message = _("The text has %(count)s characters; at most %(most)s can be stored.")
        raise Misread(message % {"count": len(text), "most": LONGEST_EXPLANATION})
    return text
