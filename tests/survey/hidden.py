"""Figures that the world must not see: each has a round, an indicator, a group, a theme and a period of its own."""

from datetime import UTC, datetime
from typing import Any, Final

from survey.models import Figure
from tests.factories.practices import ThemeFactory
from tests.factories.survey import FigureFactory, GroupFactory, IndicatorFactory, ReleaseFactory, RoundFactory

A_MOMENT: Final = datetime(2026, 4, 1, 3, tzinfo=UTC)
HIDDEN: Final[dict[str, dict[str, Any]]] = {
    "unpublished": {"published_at": None},
    "superseded": {"published_at": A_MOMENT, "superseded_at": A_MOMENT},
    "synthetic": {"round__is_synthetic": True},
}
# What of it could be guessed by asking.
SECRETS: Final = ("secret-round", "secret-indicator", "secret-group", "1999", "secret-item", "123456")


def hidden_figure(kind: str) -> Figure:
    figure: Figure = FigureFactory(
        release=ReleaseFactory(**{"round__code": "secret-round", **HIDDEN[kind]}),
        indicator=IndicatorFactory(code="secret-indicator", themes=[ThemeFactory(number=9)]),
        group=GroupFactory(code="secret-group"),
        period="1999",
        item="secret-item",
        value=123456,
    )
    return figure


def hidden_beside(figure: Figure, **fields: Any) -> Figure:
    """A figure of a release of the same round and of the same indicator that is not published yet."""
    release = ReleaseFactory(round=figure.release.round, number=2, published_at=None)
    hidden: Figure = FigureFactory(**{"release": release, "indicator": figure.indicator, "value": 123456, **fields})
    return hidden


def public_figure(code: str = "sih-fy2008", **fields: Any) -> Figure:
    release = ReleaseFactory(round=RoundFactory(code=code), published_at=A_MOMENT)
    figure: Figure = FigureFactory(release=release, **fields)
    return figure
