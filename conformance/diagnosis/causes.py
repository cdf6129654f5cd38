"""Which red check is only the echo of another: what to look at first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from conformance.diagnosis import echoes
from conformance.diagnosis.context import Run
from conformance.model import Finding

Echo = Callable[[Run, Finding, Finding], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Red findings of one of these checks explain what ``echo`` says of them and another."""

    #: Ids of checks, the most basic first.
    causes: tuple[str, ...]
    #: Called with the run, the finding that explains, and the one to be explained.
    echo: Echo


PLAIN = ("base64/plain", "url/plain")
_REFUSALS = tuple(
    f"errors/{name}"
    for name in (
        "bad-key-is-401",
        "unknown-model-is-refused",
        "malformed-json-is-refused",
        "missing-messages-are-refused",
        "empty-messages-are-refused",
        "malformed-part-is-refused",
        "error-object-is-complete",
    )
)
_MIXED = (
    "cache/same-words-other-pictures",
    "cache/same-words-with-and-without-pictures",
    "cache/requests-at-once-stay-apart",
    "multi-image/next-picture-is-seen-afresh",
    "multi-image/nothing-is-remembered",
)
_BREAKS = (
    "base64/tiny-picture",
    "limits/heavy-picture-breaks-nothing",
    "limits/many-pictures-break-nothing",
)
_HEAVY = ("limits/common-weight-is-read", "base64/several-megabytes")
_TURNS = ("history/picture-after-examples-is-read", "history/same-picture-in-two-turns")
_INSTEAD = ("placeholders/no-text-in-place-of-a-picture", "placeholders/answer-is-not-empty")
_UNREADABLE = (
    "base64/bytes-that-are-no-picture-are-refused",
    "base64/damaged-picture-is-refused",
    "base64/broken-data-url-is-refused",
)
_EARLIER = (
    "multi-image/earlier-turn-is-seen",
    "history/picture-among-text-turns-is-read",
    "history/question-in-another-message",
)
#: What the official library makes of a reply goes by the form of the reply.
_FORM = (
    "shape/reply-follows-the-schema",
    "shape/model-list-follows-the-schema",
)
_CALLS = ("tools/streamed-tool-call-reads", "tools/forced-tool-reads")
_STREAM = (
    "streaming/content-type-is-event-stream",
    "streaming/every-event-is-json",
    "streaming/chunks-follow-the-schema",
)
_BILLS = (
    "usage/equal-requests-cost-the-same",
    "usage/picture-costs-something",
    "usage/rate-is-that-of-the-guide",
    "usage/bytes-do-not-count",
    "usage/equally-large-pictures-cost-the-same",
)

#: The most sweeping cause first: what it explains is not blamed on anything else.
RULES = (
    Rule(causes=("errors/plain-text-is-answered",), echo=echoes.same_refusal),
    Rule(causes=_BREAKS, echo=echoes.same_breakdown),
    Rule(causes=_REFUSALS, echo=echoes.no_error_object),
    Rule(causes=_REFUSALS, echo=echoes.errors_are_200),
    Rule(causes=_REFUSALS, echo=echoes.refusals_break),
    Rule(causes=("streaming/plain-reply-is-not-streamed",), echo=echoes.streamed_unasked),
    Rule(causes=_MIXED, echo=echoes.mixed_up),
    Rule(causes=_INSTEAD, echo=echoes.blank),
    Rule(causes=("placeholders/error-is-not-an-answer",), echo=echoes.error_for_answer),
    Rule(causes=("history/every-text-part-is-kept",), echo=echoes.wordless),
    Rule(causes=("cache/urls-of-one-name",), echo=echoes.mixed_up_by_url),
    Rule(causes=("cache/equal-requests-are-answered-alike",), echo=echoes.lottery),
    Rule(causes=PLAIN, echo=echoes.same_way),
    Rule(causes=("detail/documented-value-is-accepted",), echo=echoes.same_refusal),
    Rule(causes=("detail/documented-value-is-accepted",), echo=echoes.same_detail),
    Rule(causes=("multi-image/every-picture-is-seen",), echo=echoes.several_pictures),
    Rule(causes=("multi-image/order-is-kept",), echo=echoes.several_pictures),
    Rule(causes=("multi-image/question-before-or-after",), echo=echoes.text_first),
    Rule(causes=_TURNS, echo=echoes.several_turns),
    Rule(causes=("history/assistant-message-in-parts",), echo=echoes.same_refusal),
    Rule(causes=("history/same-picture-in-two-turns",), echo=echoes.same_refusal),
    Rule(causes=("history/every-text-part-is-kept",), echo=echoes.several_texts),
    Rule(causes=("parameters/accepted-beside-a-picture",), echo=echoes.refused_members),
    Rule(causes=_HEAVY, echo=echoes.same_refusal),
    Rule(causes=("streaming/picture-is-read",), echo=echoes.streamed),
    Rule(causes=("base64/unusual-spelling",), echo=echoes.overlooked_prefix),
    Rule(causes=("url/url-that-is-no-address-is-refused",), echo=echoes.no_address),
    Rule(causes=("url/url-that-is-no-string-is-refused",), echo=echoes.no_string),
    Rule(causes=("streaming/bad-picture-is-refused-before-the-stream",), echo=echoes.in_stream),
    Rule(causes=_UNREADABLE, echo=echoes.unreadable),
    Rule(causes=("usage/counts-are-whole",), echo=echoes.malformed_usage),
    Rule(causes=_BILLS, echo=echoes.cost),
    Rule(causes=("base64/corner-is-found",), echo=echoes.cut_off),
    Rule(
        causes=("detail/absent-means-auto", "detail/fine-print-is-legible-at-high"),
        echo=echoes.large_picture,
    ),
    Rule(causes=("base64/encoding-is-read",), echo=echoes.same_mode),
    Rule(causes=("base64/size-is-read", "base64/extreme-size"), echo=echoes.as_long),
    Rule(causes=("shape/stop-is-the-finish-reason",), echo=echoes.same_finish_reason),
    Rule(causes=_EARLIER, echo=echoes.earlier_pictures),
    Rule(causes=("history/earlier-text-is-kept",), echo=echoes.earlier_turns),
    Rule(causes=("errors/malformed-json-is-refused",), echo=echoes.body_not_understood),
    Rule(causes=("errors/malformed-part-is-refused",), echo=echoes.foreign_part),
    Rule(causes=(*_UNREADABLE, *_REFUSALS), echo=echoes.bomb),
    Rule(causes=_FORM, echo=echoes.same_reply),
    Rule(causes=_CALLS, echo=echoes.call_for_the_library),
    Rule(causes=_STREAM, echo=echoes.streamed_to_the_library),
)


def causes(run: Run) -> dict[str, str]:
    """Ids of red checks that another explains, each with the check that does.

    No cause is itself explained by another; what is in nobody's echo stands for itself.
    """
    found: dict[str, str] = {}
    for rule in RULES:
        for cause in filter(run.is_red, rule.causes):
            if cause not in found:
                found |= _explained(run, rule, cause, found)
    return found


def _explained(run: Run, rule: Rule, cause: str, found: dict[str, str]) -> dict[str, str]:
    """What a cause explains by a rule and nothing has explained yet."""
    taken = {cause, *found, *found.values()}
    open_ = [check for check in run.red if check not in taken]
    return {check: cause for check in open_ if _explains(run, rule, cause, check)}


def _explains(run: Run, rule: Rule, cause: str, check: str) -> bool:
    return all(
        any(rule.echo(run, reason, finding) for reason in run.red[cause])
        for finding in run.red[check]
    )


def roots(run: Run) -> tuple[str, ...]:
    """Ids of the red checks that are to blame: those that no other explains, in order."""
    explained = causes(run)
    return tuple(check for check in run.red if check not in explained)
