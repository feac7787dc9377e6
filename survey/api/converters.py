"""Public ids of figures in addresses: round, indicator, group, measure, and where there are such, period and item."""

from typing import Final

from django.urls import register_converter

# By these a figure is found, in the order of its id.
PARTS: Final = ("release__round__code", "indicator__code", "group__code", "measure", "period", "item")
PART: Final = "[-a-zA-Z0-9_]{1,40}"


class FigureConverter:
    """To Python: what to look for. An id has one form only: no colon at its end."""

    regex = f"{PART}(?::{PART}){{3}}(?:(?::(?:{PART})?)?:{PART})?"

    def to_python(self, value: str) -> dict[str, str]:
        told = value.split(":")
        return dict(zip(PARTS, [*told, "", ""][: len(PARTS)], strict=True))

    def to_url(self, value: str) -> str:
        return value


register_converter(FigureConverter, "public_figure")
