"""Every case is one pytest item."""

from __future__ import annotations

import pytest

from conformance.model import Finding, Verdict
from conformance.suite.wording import failure, skip_reason


def test_case(finding: Finding) -> None:
    if finding.verdict is Verdict.FAILED:
        pytest.fail(failure(finding), pytrace=False)
    if finding.verdict in (Verdict.NOT_APPLICABLE, Verdict.BLOCKED):
        pytest.skip(skip_reason(finding))
