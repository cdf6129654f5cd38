"""The page in Chromium: nothing the endpoint sent runs, nothing overflows, the filters filter."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from conformance.model import Picture
from conformance.report.document import Header, document
from conformance.report.html import render

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")

FLAGS = """
--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync
--disable-background-networking --disable-component-update --disable-dev-shm-usage
--hide-scrollbars --proxy-server=127.0.0.1:9 --allow-file-access-from-files
"""

#: Opens the report in a frame as wide as a phone, then works it like a reader and writes down
#: what it saw.
HARNESS = """<!doctype html><title>harness</title><pre id="saw"></pre>
<iframe src="report.html" style="width:375px;height:800px"></iframe>
<script>
onload = () => {
  const page = document.querySelector("iframe").contentDocument;
  const seen = () => [...page.querySelectorAll(".finding")].filter(f => f.offsetHeight > 0).length;
  const areas = () => [...page.querySelectorAll(".area")].filter(a => a.offsetHeight > 0).length;
  const pick = id => page.getElementById(id).click();
  const saw = {title: page.title, all: seen(), areas: areas()};
  for (const d of page.querySelectorAll("details")) d.open = true;
  saw.width = page.documentElement.scrollWidth;
  pick("v-failed"); saw.failed = seen(); saw.failedAreas = areas();
  pick("l-MUST"); saw.failedMust = seen();
  pick("v-not-applicable"); pick("l-MAY"); saw.nothing = seen();
  saw.notice = page.querySelector(".nomatch").offsetHeight > 0;
  pick("v-all"); saw.may = seen();
  document.getElementById("saw").textContent = JSON.stringify(saw);
};
</script>"""


@pytest.fixture
def dom(tmp_path: Path) -> Callable[[str], str]:
    """The document that Chromium makes of a page in ``tmp_path``, once it has loaded."""

    def dom(name: str) -> str:
        url = (tmp_path / name).as_uri()
        profile = f"--user-data-dir={tmp_path / 'profile'}"
        command = [
            str(CHROMIUM),
            *FLAGS.split(),
            profile,
            "--virtual-time-budget=3000",
            "--dump-dom",
            url,
        ]
        done = subprocess.run(command, capture_output=True, timeout=60, check=True)
        return done.stdout.decode()

    return dom


def _title(dom: str) -> str:
    found = re.search(r"<title>(.*?)</title>", dom, re.DOTALL)
    assert found, dom[:500]
    return found[1]


def test_what_would_run_if_it_were_not_escaped_does_run(
    tmp_path: Path, dom: Callable[[str], str], hostile: str
) -> None:
    bare = f"<!doctype html><meta charset=utf-8><title>calm</title><pre>{hostile}"
    (tmp_path / "bare.html").write_text(bare, encoding="utf-8", errors="replace")

    assert _title(dom("bare.html")) == "owned"


def test_nothing_the_endpoint_sent_runs(
    tmp_path: Path, dom: Callable[[str], str], doc: dict[str, Any], pictures: dict[str, Picture]
) -> None:
    (tmp_path / "report.html").write_text(render(doc, pictures), encoding="utf-8")

    made = dom("report.html")

    assert _title(made) == "Does not conform: Example cloud · image input conformance"
    assert re.findall(r"<(?:script|img|svg|iframe)\b", made) == []
    assert "never counted as a success" in made


def test_it_fits_a_phone_and_the_filters_filter(
    tmp_path: Path, dom: Callable[[str], str], doc: dict[str, Any], pictures: dict[str, Picture]
) -> None:
    (tmp_path / "report.html").write_text(render(doc, pictures), encoding="utf-8")
    (tmp_path / "harness.html").write_text(HARNESS, encoding="utf-8")

    found = re.search(r'<pre id="saw">(.*?)</pre>', dom("harness.html"))
    assert found
    saw = json.loads(found[1])

    failed = [f for f in doc["findings"] if f["verdict"] == "failed"]
    assert saw == {
        "title": "Does not conform: Example cloud · image input conformance",
        "width": 375,
        "all": 60,
        "areas": 8,
        "failed": len(failed),
        "failedAreas": len({f["area"] for f in failed}),
        "failedMust": sum(f["level"] == "MUST" for f in failed),
        "nothing": 0,
        "notice": True,
        "may": sum(f["level"] == "MAY" for f in doc["findings"]),
    }


#: Opens the report as wide as a phone and as wide as a screen, and writes down what the bill shows.
WIDTHS = """<!doctype html><title>harness</title><pre id="saw"></pre>
<iframe src="report.html" style="width:375px;height:800px"></iframe>
<iframe src="report.html" style="width:1280px;height:800px"></iframe>
<script>
onload = () => {
  const saw = [...document.querySelectorAll("iframe")].map(frame => {
    const page = frame.contentDocument;
    const high = name => page.querySelector(`.chart .${name}`).offsetHeight > 0;
    page.querySelector(".numbers").open = true;
    return [page.documentElement.scrollWidth, high("narrow"), high("wide")];
  });
  document.getElementById("saw").textContent = JSON.stringify(saw);
};
</script>"""


def test_the_bill_fits_a_phone_and_a_screen(
    tmp_path: Path,
    dom: Callable[[str], str],
    make_header: Callable[..., Header],
    make_bill: Callable[..., dict[str, Any]],
    hostile: str,
) -> None:
    bill = make_bill(words=hostile * 3)
    page = render(document(make_header(), [], interrupted=False, bill=bill), {})
    (tmp_path / "report.html").write_text(page, encoding="utf-8")
    (tmp_path / "harness.html").write_text(WIDTHS, encoding="utf-8")

    made = dom("harness.html")

    found = re.search(r'<pre id="saw">(.*?)</pre>', made)
    assert found
    assert json.loads(found[1]) == [[375, True, False], [1280, False, True]]
    assert _title(made) == "harness"
