"""Rounds, indicators and figures as JSON."""

from functools import cached_property
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from sih_portal.language import LANGUAGES
from sih_portal.rest import AddressesField, AddressesSerializer, FilledField, TextField
from survey import exporting
from survey.models import (
    Caveat,
    Confidentiality,
    Figure,
    Indicator,
    IndicatorItem,
    Measure,
    Origin,
    Release,
    Round,
    Unit,
    Verdict,
)
from survey.series import BREAKS, Equivalence, breaks_of, equivalence
from universities.api.serializers import ProvenanceSerializer


class ReleaseSerializer(serializers.Serializer[Release]):
    number = serializers.IntegerField()
    published_at = serializers.DateTimeField()


class CaveatSerializer(serializers.Serializer[Caveat]):
    number = serializers.IntegerField()
    title = TextField()
    text = TextField()
    indicators = serializers.SerializerMethodField()
    provenance = ProvenanceSerializer(source="*")

    def get_indicators(self, caveat: Caveat) -> list[str]:
        return [indicator.code for indicator in caveat.indicators.all()]


class RoundSerializer(serializers.Serializer[Round]):
    code = serializers.SlugField()
    url = AddressesField()
    title = TextField()
    years = serializers.SerializerMethodField()
    purpose = TextField()
    selection = TextField()
    publication = serializers.SlugField(source="publication.slug", allow_null=True)
    state = serializers.ChoiceField(Round.State.choices)
    release = serializers.SerializerMethodField()
    caveats = CaveatSerializer(many=True)
    provenance = ProvenanceSerializer(source="*")

    def get_years(self, survey_round: Round) -> list[int]:
        return [survey_round.first_year, survey_round.last_year]

    @extend_schema_field(ReleaseSerializer)
    def get_release(self, survey_round: Round) -> Any:
        return ReleaseSerializer(exporting.release_of(survey_round)).data


class ItemSerializer(serializers.Serializer[IndicatorItem]):
    code = serializers.SlugField()
    label = TextField()  # type: ignore[assignment]  # a field, taken out of the class when it is made


class WaveSerializer(serializers.Serializer[Any]):
    """A round of a series. `breaks`: why it can't be compared with the round before it; null where it can."""

    round = serializers.SlugField()
    breaks = serializers.ChoiceField(list(BREAKS), allow_null=True)


class IndicatorSerializer(serializers.Serializer[Indicator]):
    code = serializers.SlugField()
    url = serializers.SerializerMethodField()
    title = TextField()
    definition = TextField()
    base = TextField()
    formula = TextField()
    computed_definition = TextField()
    computed_base = TextField()
    computed_formula = TextField()
    unit = serializers.ChoiceField(Unit.choices)
    survey_item = serializers.IntegerField(allow_null=True)
    themes = serializers.SerializerMethodField()
    rounds = serializers.SerializerMethodField()
    series = serializers.SerializerMethodField()
    items = ItemSerializer(many=True)
    provenance = ProvenanceSerializer(source="*")

    @extend_schema_field(AddressesSerializer)
    def get_url(self, indicator: Indicator) -> dict[str, str]:
        return {language: exporting.indicator_address(indicator, language) for language in LANGUAGES}

    def get_themes(self, indicator: Indicator) -> list[int]:
        return exporting.themes_of(indicator)

    def get_rounds(self, indicator: Indicator) -> list[str]:
        return [survey_round.code for survey_round in exporting.rounds_of(indicator)]

    @extend_schema_field(WaveSerializer(many=True))
    def get_series(self, indicator: Indicator) -> list[dict[str, str | None]]:
        """The rounds, the earliest first."""
        rounds = exporting.rounds_of(indicator)[::-1]
        breaks = breaks_of(indicator, rounds, self._equivalence)
        return [{"round": row.code, "breaks": gap or None} for row, gap in zip(rounds, breaks, strict=True)]

    @cached_property
    def _equivalence(self) -> Equivalence:
        return equivalence()


class FilledChoice(serializers.ChoiceField):
    """A code; null where the row has none."""

    def __init__(self, choices: Any, **options: Any) -> None:
        super().__init__(choices, allow_null=True, **options)

    def to_representation(self, value: Any) -> Any:
        return super().to_representation(value) or None


class FigureSerializer(serializers.Serializer[Figure]):
    """`value` is a JSON number: `decimals` says with how many it is printed."""

    id = serializers.CharField(source="public_id")
    url = AddressesField()
    round = serializers.SlugField(source="release.round.code")
    indicator = serializers.SlugField(source="indicator.code")
    group = serializers.SlugField(source="group.code")
    period = FilledField()
    measure = serializers.ChoiceField(Measure.choices)
    item = FilledField()
    value = serializers.SerializerMethodField(method_name="as_number")
    unit = serializers.SerializerMethodField()
    decimals = serializers.IntegerField()
    numerator = serializers.IntegerField(allow_null=True)
    denominator = serializers.IntegerField(allow_null=True)
    n_base = serializers.IntegerField(allow_null=True)
    n_valid = serializers.IntegerField(allow_null=True)
    origin = serializers.ChoiceField(Origin.choices)
    confidentiality = serializers.ChoiceField(Confidentiality.choices)
    verdict = FilledChoice(Verdict.choices)
    note = TextField()
    source = FilledField(source="locator")  # type: ignore[assignment]  # a field, taken out of the class likewise

    def as_number(self, figure: Figure) -> float | None:
        return exporting.number_of(figure)

    @extend_schema_field(serializers.ChoiceField(list(exporting.UNITS)))
    def get_unit(self, figure: Figure) -> str:
        return exporting.unit_of(figure)
