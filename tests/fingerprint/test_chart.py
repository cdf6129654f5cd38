"""The chart is sound XML, holds every point, and lets nothing through."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from conformance.fingerprint.chart import Chart, Curve, chart_of, chart_svg
from conformance.fingerprint.verdict import conclude
from conformance.tokens.rules import claimed

SVG = "{http://www.w3.org/2000/svg}"


def test_chart_of_a_fingerprint(play) -> None:
    measured = play("qwen2.5-vl")
    chart = chart_of(conclude("gpt-4o", measured, claimed("gpt-4o")))
    assert [c.name for c in chart.curves] == ["qwen2.5-vl", "gpt-4o (claimed)"]
    assert chart.curves[0].tokens == pytest.approx(chart.measured)
    root = ET.fromstring(chart_svg(chart))
    assert len(root.findall(f"{SVG}polyline")) == 2
    dots = [c for c in root.findall(f"{SVG}circle") if c.find(f"{SVG}title") is not None]
    assert len(dots) == sum(len(m.shots) == 1 for m in measured)


def test_what_is_written_is_escaped() -> None:
    hostile = "\"><script>alert(1)</script>&'"
    chart = Chart(
        title=hostile,
        labels=(hostile,),
        measured=(5.0,),
        curves=(Curve(name=hostile, tokens=(6.0,)),),
    )
    text = chart_svg(chart)
    assert "<script" not in text
    assert ET.fromstring(text).find(f"{SVG}title").text == hostile


@pytest.mark.parametrize(
    "values", [(), (0.0,), (-5.0, 3.0), (float("inf"), float("nan"), 2.0), (1e12, 1.0)]
)
def test_odd_values(values: tuple[float, ...]) -> None:
    labels = tuple(str(i) for i in range(len(values)))
    text = chart_svg(Chart(title="", labels=labels, measured=values))
    ET.fromstring(text)
    assert "nan" not in text
    assert 'cy="inf' not in text
