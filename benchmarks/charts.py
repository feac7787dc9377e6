"""Charts as SVG files that can be read on a light and on a dark page: no script, no font, nothing from outside."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Final
from xml.sax.saxutils import escape

WIDTH: Final = 760
LEFT: Final = 250
RIGHT: Final = 90
BAR: Final = 16
STYLE: Final = """
<style>
  .ground { fill: #ffffff } .text { fill: #1f2328; font: 13px sans-serif } .head { font-size: 15px; font-weight: 600 }
  .line { stroke: #d1d9e0; stroke-width: 1 }
  .s0 { fill: #0969da; stroke: #0969da } .s1 { fill: #9a6700; stroke: #9a6700 }
  .s2 { fill: #1a7f37; stroke: #1a7f37 } .curve { fill: none; stroke-width: 2 } .guide { stroke-dasharray: 4 4 }
  @media (prefers-color-scheme: dark) {
    .ground { fill: #0d1117 } .text { fill: #f0f6fc } .line { stroke: #3d444d } .s0 { fill: #4493f8; stroke: #4493f8 }
    .s1 { fill: #d29922; stroke: #d29922 } .s2 { fill: #3fb950; stroke: #3fb950 } .curve { fill: none }
  }
</style>
"""


@dataclass(frozen=True)
class Bar:
    """`series` is its colour, counted from 0."""

    label: str
    value: float
    series: int = 0


@dataclass(frozen=True)
class Curve:
    label: str
    points: Sequence[tuple[float, float]]


def bars(title: str, found: Sequence[Bar]) -> str:
    """Bars of milliseconds on a scale of powers of ten, from the top to the bottom."""
    values = [bar.value for bar in found]
    low, high = _powers(values)
    height = 60 + len(found) * (BAR + 8) + 24
    rows = []
    for place in range(low, high + 1):
        x = _along(10.0**place, low, high)
        rows.append(f'<line class="line" x1="{x}" y1="40" x2="{x}" y2="{height - 26}"/>')
        rows.append(_text(x, height - 10, _number(10.0**place), anchor="middle"))
    for place, bar in enumerate(found):
        y = 50 + place * (BAR + 8)
        end = _along(bar.value, low, high)
        rows.append(_text(LEFT - 8, y + 13, bar.label, anchor="end"))
        rows.append(f'<rect class="s{bar.series}" x="{LEFT}" y="{y}" width="{max(1, end - LEFT)}" height="{BAR}"/>')
        rows.append(_text(end + 6, y + 13, f"{_number(bar.value)} ms"))
    return _picture(title, height, rows)


def curves(title: str, found: Sequence[Curve]) -> str:
    """Milliseconds over cases, both on scales of powers of ten; a broken line through the first point is linear."""
    height, bottom, top = 380, 330, 50
    xs = [x for curve in found for x, _y in curve.points]
    ys = [y for curve in found for _x, y in curve.points]
    across, up = _powers(xs), _powers(ys)

    def place(x: float, y: float) -> tuple[float, float]:
        share = (log10(y) - up[0]) / (up[1] - up[0])
        return _along(x, *across, left=80, right=220), round(bottom - share * (bottom - top), 1)

    rows = []
    for power in range(up[0], up[1] + 1):
        _x, y = place(10.0 ** across[0], 10.0**power)
        rows.append(f'<line class="line" x1="80" y1="{y}" x2="{WIDTH - 220}" y2="{y}"/>')
        rows.append(_text(72, y + 4, f"{_number(10.0**power)} ms", anchor="end"))
    for power in range(across[0], across[1] + 1):
        x, _y = place(10.0**power, 10.0 ** up[0])
        rows.append(_text(x, bottom + 22, f"{10**power:,}", anchor="middle"))
    for series, curve in enumerate(found):
        rows += _curve(series, curve, [place(*point) for point in curve.points])
    first, last = found[0].points[0], max(xs)
    times = min(last / first[0], 10 ** up[1] / first[1])
    ends = (place(*first), place(first[0] * times, first[1] * times))
    rows.append(f'<polyline class="line curve guide" points="{_points(ends)}"/>')
    return _picture(title, height, rows)


def _curve(series: int, curve: Curve, points: Sequence[tuple[float, float]]) -> list[str]:
    dots = [f'<circle class="s{series}" cx="{x}" cy="{y}" r="3"/>' for x, y in points]
    line = f'<polyline class="s{series} curve" points="{_points(points)}"/>'
    y = 60 + 22 * series
    key = f'<rect class="s{series}" x="{WIDTH - 200}" y="{y}" width="12" height="12"/>'
    return [line, *dots, key, _text(WIDTH - 182, y + 11, curve.label)]


def _points(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x},{y}" for x, y in points)


def _powers(values: Sequence[float]) -> tuple[int, int]:
    """The powers of ten around the values, at least one apart."""
    low, high = floor(log10(min(values))), ceil(log10(max(values)))
    return low, max(high, low + 1)


def _along(value: float, low: int, high: int, left: int = LEFT, right: int = RIGHT) -> float:
    share = (log10(value) - low) / (high - low)
    return round(left + share * (WIDTH - left - right), 1)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _text(x: float, y: float, words: str, anchor: str = "start") -> str:
    return f'<text class="text" x="{x}" y="{y}" text-anchor="{anchor}">{escape(words)}</text>'


def _picture(title: str, height: int, rows: Sequence[str]) -> str:
    size = f'viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(title)}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size}>'
    ground = f'<rect class="ground" width="{WIDTH}" height="{height}"/>'
    name = f'<text class="text head" x="16" y="26">{escape(title)}</text>'
    return "\n".join([head + STYLE + ground, name, *rows, "</svg>", ""])
