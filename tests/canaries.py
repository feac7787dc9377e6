"""A world in which every field of what is not public holds a string of its own, to be looked for everywhere."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any, cast

from django.db import models

from practices.models import Edition, GoodPractice, Theme
from practices.models.desk import PARTS
from practices.workflow import Steps, take
from survey.mailing import keep_letter
from survey.models import Caveat, Delivery, Figure, LetterKind, Release, Round, Sensitivity
from tests.factories.invitations import DeliveryFactory
from tests.factories.practices import (
    A_MOMENT,
    ConceptFactory,
    PracticeFactory,
    PublicationFactory,
    RecommendationFactory,
    ThemeFactory,
    archive,
    publish,
    staff,
)
from tests.factories.survey import (
    CaveatFactory,
    FigureFactory,
    GroupFactory,
    IndicatorFactory,
    ItemFactory,
    ReleaseFactory,
    RoundFactory,
)
from tests.factories.universities import HeadquartersFactory

TEXT_FIELDS = (models.CharField, models.TextField)


NOT_FILLED = {"slug", "loaded_hash", "url", "status"}
HIDDEN_VALUE = 987_654_321_012


@dataclass
class World:
    """`canaries` must never show. `edition` is the one public case; `hidden` the slugs that answer 404.

    `figure` is the one public figure; `secrets` are figures by why they are not public. `mail` was written to
    somebody of the public figure's round.
    """

    edition: Edition
    archived: Edition
    figure: Figure
    mail: Delivery
    hidden: list[str] = field(default_factory=list)
    canaries: list[str] = field(default_factory=list)
    secrets: dict[str, Figure] = field(default_factory=dict)


def canary_names() -> Iterator[str]:
    return (f"kanaria{number}x" for number in count(1000))


def fill(row: models.Model, names: Iterator[str], canaries: list[str]) -> None:
    """Puts a canary into every text field of a row that staff can fill, choices apart."""
    for column in row._meta.concrete_fields:
        if isinstance(column, TEXT_FIELDS) and not isinstance(column, models.FileField):
            if column.choices or column.name in NOT_FILLED:
                continue
            name = next(names)
            if len(name) <= (column.max_length or len(name)):
                canaries.append(name)
                setattr(row, column.name, name)
    row.save()


def hidden_case(names: Iterator[str], canaries: list[str], **fields: object) -> GoodPractice:
    slug = next(names)
    canaries.append(slug)
    practice: GoodPractice = PracticeFactory(slug=slug, concepts=[ConceptFactory()], **fields)
    fill(practice, names, canaries)
    for kind, model in PARTS.items():
        part: Any = getattr(practice, kind).first() or cast("Any", model)(practice=practice, number=1)
        part.url = f"https://{slug}.example/"
        fill(part, names, canaries)
    return practice


def make_world() -> World:
    """One public case, one archived, and hidden ones in every other status, all of one theme and institution."""
    names = canary_names()
    headquarters = HeadquartersFactory()
    theme = RecommendationFactory(theme=ThemeFactory(number=6)).theme
    shared = {
        "institution": headquarters.participation.institution,
        "headquarters": headquarters,
        "theme": theme,
        "publication": PublicationFactory(slug="final-report-summary"),
    }
    edition = publish(slug="public-case", concepts=[ConceptFactory(slug="shared")], **shared)
    canaries: list[str] = []
    gone = hidden_case(names, canaries, **shared)
    gone.slug = "archived-case"
    gone.save()
    archived = publish(gone)
    canaries.append(next(names))
    archive(archived, at=A_MOMENT + timedelta(days=1), reason=canaries[-1])
    figure = public_figure(shared)
    mail = mail_of_round(figure.release.round, names, canaries)
    world = World(edition, archived, figure, mail, canaries=canaries)
    hide_figures(world, names, shared)
    for status in ("draft", "in_review", "changes_requested"):
        practice = hidden_case(names, world.canaries, **shared)
        world.hidden.append(practice.slug)
        move(practice, status, names, world.canaries)
    return world


def public_figure(shared: dict[str, Any]) -> Figure:
    """The one figure of a public release, with a point to know about its indicator."""
    survey_round = RoundFactory(code="sih-fy2008", publication=shared["publication"])
    indicator = IndicatorFactory(code="s1a", themes=[shared["theme"]])
    figure: Figure = FigureFactory(release=ReleaseFactory(round=survey_round, number=2), indicator=indicator)
    CaveatFactory(round=survey_round).indicators.add(indicator)
    return figure


def mail_of_round(survey_round: Round, names: Iterator[str], canaries: list[str]) -> Delivery:
    """To one of those who were asked in a round whose figures are public: name, address and letter stay inside."""
    mail: Delivery = DeliveryFactory(invitation__round=survey_round, invitation__was_asked=True)
    for row in (mail.invitation, keep_letter(survey_round, LetterKind.REMINDER), mail):
        fill(row, names, canaries)
    return mail


def hide_figures(world: World, names: Iterator[str], shared: dict[str, Any]) -> None:
    """Figures in each way not public: of rounds of their own, in the round of the public one, in its release."""
    superseded = {"published_at": A_MOMENT, "superseded_at": A_MOMENT}
    public = world.figure.release.round
    releases = {
        "unpublished": ReleaseFactory(published_at=None),
        "superseded": ReleaseFactory(**superseded),
        "synthetic": ReleaseFactory(round__is_synthetic=True),
        "earlier": ReleaseFactory(round=public, number=1, **superseded),
        "next": ReleaseFactory(round=public, number=3, published_at=None),
    }
    for why, release in releases.items():
        world.secrets[why] = hidden_figure(release, names, world.canaries, shared["theme"])
        FigureFactory(release=release, indicator=world.figure.indicator, group=world.secrets[why].group)
        if release.round != public:
            fill(release.round, names, world.canaries)
            fill(CaveatFactory(round=release.round), names, world.canaries)
    world.secrets["internal"] = internal_figure(world.figure.release, names, world.canaries, shared["theme"])
    hidden = [figure.indicator for figure in world.secrets.values()]
    for caveat in Caveat.objects.all():
        caveat.indicators.set([world.figure.indicator, *hidden])
    world.canaries += [str(HIDDEN_VALUE), f"{HIDDEN_VALUE:,}"]


def hidden_figure(release: Release, names: Iterator[str], canaries: list[str], theme: Theme) -> Figure:
    """A figure of an indicator, an item and a group that no public figure tells of."""
    indicator, group = IndicatorFactory(themes=[theme]), GroupFactory(code=next(names))
    figure: Figure = FigureFactory(release=release, indicator=indicator, group=group, period="2008", value=HIDDEN_VALUE)
    for row in (indicator, ItemFactory(indicator=indicator), group, figure):
        fill(row, names, canaries)
    return figure


def internal_figure(release: Release, names: Iterator[str], canaries: list[str], theme: Theme) -> Figure:
    """Of a public release, but of an indicator that is for the offices alone."""
    figure = hidden_figure(release, names, canaries, theme)
    figure.indicator.sensitivity = Sensitivity.INTERNAL
    figure.indicator.save()
    return figure


def move(practice: GoodPractice, status: str, names: Iterator[str], canaries: list[str]) -> None:
    steps: dict[str, list[Steps]] = {
        "draft": [],
        "in_review": [Steps.SUBMIT],
        "changes_requested": [Steps.SUBMIT, Steps.REQUEST_CHANGES],
    }
    for step in steps[status]:
        canaries.append(next(names))
        take(step, practice=practice, by=staff("curator", "publisher"), at=A_MOMENT, note=canaries[-1])
