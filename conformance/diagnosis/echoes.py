"""When one red finding explains another: each function says what both must testify.

``cause`` is the finding that would explain ``red``. The evidence of both is asked, so that two
unrelated defects in one endpoint are not taken for one.
"""

from __future__ import annotations

from conformance.diagnosis import witness
from conformance.diagnosis.context import Run
from conformance.model import Finding, ImagePart, TextPart, Turn

#: Checks of wrong requests whose errors must come back as a 200 before all of them are said to;
#: and how many errors must be a 5xx for each that is none.
_MANY = 4
#: Pixels: the longest side at low detail.
_LOW = 512


def _words(finding: Finding) -> str:
    exchange = witness.last(finding)
    return exchange.reply.error_message if exchange else ""


def same_refusal(_: Run, cause: Finding, red: Finding) -> bool:
    """Both end in the same status, not 200, with the same words."""
    refused = witness.status(cause) >= 400
    return refused and _outcome(cause) == _outcome(red) and _words(cause) == _words(red)


def same_breakdown(run: Run, cause: Finding, red: Finding) -> bool:
    """Both end in the same 5xx: what broke stays broken."""
    return witness.status(cause) >= 500 and same_refusal(run, cause, red)


def refused_members(_: Run, cause: Finding, red: Finding) -> bool:
    """Both are refused, and the request to be explained has further members, too."""
    exchange = witness.last(red)
    refused = 400 <= witness.status(cause) < 500 and 400 <= witness.status(red) < 500
    return refused and exchange is not None and bool(exchange.probe.params)


def no_error_object(_: Run, cause: Finding, red: Finding) -> bool:
    return _lacks_object(cause) and _lacks_object(red)


def _lacks_object(finding: Finding) -> bool:
    exchange = witness.last(finding)
    if exchange is None or not 400 <= exchange.status < 500:
        return False
    return not witness.has_error_object(exchange)


def errors_are_200(run: Run, cause: Finding, red: Finding) -> bool:
    """Nearly every error that was provoked came back with status 200, these two as well."""
    if not (_is_swallowed(cause) and _is_swallowed(red)):
        return False
    swallowed = [c for c, findings in run.red.items() if any(map(_is_accepted, findings))]
    return len(swallowed) >= _MANY


def _is_accepted(finding: Finding) -> bool:
    """True for a wrong request, pictures apart, that came back with status 200."""
    wrong = finding.case.check.area == "errors" and witness.wants_refusal(finding)
    return wrong and _is_swallowed(finding)


def _is_swallowed(finding: Finding) -> bool:
    return witness.status(finding) == 200


def refusals_break(run: Run, cause: Finding, red: Finding) -> bool:
    """Nearly every error that was provoked came back as a 5xx, these two as well."""
    if not (_breaks(cause) and _is_broken_refusal(red)):
        return False
    broken = sum(map(_is_broken_refusal, run.findings))
    honest = sum(_wants_an_error(f) and 400 <= witness.status(f) < 500 for f in run.findings)
    return broken >= _MANY and broken > _MANY * honest


def _is_broken_refusal(finding: Finding) -> bool:
    return _wants_an_error(finding) and _breaks(finding)


def _wants_an_error(finding: Finding) -> bool:
    return "a 4xx with an error object" in finding.expected


def _breaks(finding: Finding) -> bool:
    return witness.status(finding) >= 500


def bomb(_: Run, cause: Finding, red: Finding) -> bool:
    """Whatever cannot be decoded ends so, a picture that explodes among the rest."""
    exploding = red.case.check.id == "security/decompression-bomb-is-survived"
    return exploding and _outcome(cause) == _outcome(red)


def body_not_understood(_: Run, cause: Finding, red: Finding) -> bool:
    """A body that is not JSON as it stands gets what any such body gets."""
    unread = red.case.check.id == "parameters/body-sent-otherwise"
    return unread and _outcome(cause) == _outcome(red)


def foreign_part(_: Run, cause: Finding, red: Finding) -> bool:
    """A part of another dialect is a malformed one here."""
    foreign = red.case.check.id == "dialects/part-of-another-dialect"
    return foreign and _outcome(cause) == _outcome(red)


def earlier_pictures(_: Run, cause: Finding, red: Finding) -> bool:
    """Both hold a picture in another turn than the last, and end alike."""
    return _outcome(cause) == _outcome(red) and _is_earlier(cause) and _is_earlier(red)


def earlier_turns(_: Run, cause: Finding, red: Finding) -> bool:
    """What was said in earlier turns is lost, and so is a picture in one."""
    return _outcome(cause) == _outcome(red) and _is_earlier(red)


def _is_earlier(finding: Finding) -> bool:
    """True for a picture anywhere but beside the last words of the user."""
    exchange = witness.last(finding)
    turns = exchange.probe.turns if exchange else ()
    before = turns[:-1] if turns and turns[-1].role == "user" else turns
    return any(isinstance(part, ImagePart) for turn in before for part in turn.parts)


def same_reply(_: Run, cause: Finding, red: Finding) -> bool:
    """The library, or the list of models, was judged by the very reply that is malformed."""
    first, second = witness.last(cause), witness.last(red)
    if first is None or second is None or red.case.check.area not in ("sdk", "models"):
        return False
    return first.probe == second.probe or not (first.probe.stream or second.probe.stream)


def call_for_the_library(_: Run, cause: Finding, red: Finding) -> bool:
    """The library finds no call of a tool either."""
    return red.case.check.id == "sdk/tool-call-is-read" and _outcome(cause) == _outcome(red)


def streamed_to_the_library(_: Run, __: Finding, red: Finding) -> bool:
    return red.case.check.area == "sdk" and any(e.probe.stream for e in red.evidence)


def streamed_unasked(_: Run, __: Finding, red: Finding) -> bool:
    exchange = witness.last(red)
    if exchange is None or exchange.probe.stream:
        return False
    return "event-stream" in exchange.header("content-type").lower()


def mixed_up(run: Run, cause: Finding, red: Finding) -> bool:
    """An answer belonged to another request: then no answer tells anything of its own."""
    return run.mixed_up(cause) and witness.status(red) == 200


def mixed_up_by_url(run: Run, cause: Finding, red: Finding) -> bool:
    """A download belonged to another URL: then no picture by URL tells anything."""
    return run.mixed_up(cause) and any(map(witness.by_url, red.evidence))


def lottery(_: Run, cause: Finding, red: Finding) -> bool:
    """The same request went well and badly by turns, and the other ended as badly."""
    ends = [(witness.is_right(e), e.status // 100) for e in cause.evidence]
    bad = {status for right, status in ends if not right}
    return any(right for right, _ in ends) and _outcome(red) in bad


def blank(_: Run, cause: Finding, red: Finding) -> bool:
    """It is known what stands in the place of a picture, or of the answer to one."""
    exchange = witness.last(red)
    if exchange is None or witness.status(cause) != 200 or exchange.status != 200:
        return False
    return red.case.check.id in ("url/plain", "base64/plain") or witness.is_blank(exchange)


def error_for_answer(_: Run, cause: Finding, red: Finding) -> bool:
    """Both answer with status 200 what cannot be answered."""
    return witness.wants_refusal(red) and witness.status(cause) == 200 == witness.status(red)


def wordless(run: Run, cause: Finding, red: Finding) -> bool:
    """No text beside a picture arrives at all: then no question about one does."""
    check = cause.case.check.id
    cases = sum(f.case.check.id == check for f in run.findings)
    exchange = witness.last(red)
    sent = exchange is not None and any(True for _ in witness.parts_of(exchange))
    return sent and len(run.red[check]) == cases > 1 and _outcome(cause) == _outcome(red)


def same_detail(_: Run, cause: Finding, red: Finding) -> bool:
    """Both name the same detail, and end alike."""
    first, second = _details(cause), _details(red)
    return bool(first & second) and _outcome(cause) == _outcome(red)


def _details(finding: Finding) -> set[str]:
    exchange = witness.last(finding)
    return {p.detail for p in witness.parts_of(exchange) if p.detail} if exchange else set()


def text_first(_: Run, cause: Finding, red: Finding) -> bool:
    """Both begin with words, pictures after them, and end alike."""
    exchange = witness.last(red)
    turns = exchange.probe.turns if exchange else ()
    return any(map(_begins, turns)) and _outcome(cause) == _outcome(red)


def _begins(turn: Turn) -> bool:
    return any(isinstance(part, TextPart) for part in turn.parts[:1]) and len(turn.parts) > 1


def several_turns(_: Run, cause: Finding, red: Finding) -> bool:
    """Both hold pictures in several turns, and end alike."""
    both = _picture_turns(cause) > 1 and _picture_turns(red) > 1
    return both and _outcome(cause) == _outcome(red)


def _picture_turns(finding: Finding) -> int:
    exchange = witness.last(finding)
    turns = exchange.probe.turns if exchange else ()
    return sum(any(isinstance(part, ImagePart) for part in turn.parts) for turn in turns)


def several_texts(_: Run, cause: Finding, red: Finding) -> bool:
    """Both hold several text parts in one message, and end alike."""
    exchange = witness.last(red)
    turns = exchange.probe.turns if exchange else ()
    most = max((sum(isinstance(p, TextPart) for p in t.parts) for t in turns), default=0)
    return most > 1 and _outcome(cause) == _outcome(red)


def same_mode(_: Run, cause: Finding, red: Finding) -> bool:
    """Both pictures have the same colour mode, other than plain RGB, and end alike."""
    first, second = _modes(cause), _modes(red)
    return bool(first & second) and _outcome(cause) == _outcome(red)


def _modes(finding: Finding) -> set[str]:
    exchange = witness.last(finding)
    return {p.mode for p in witness.pictures_of(exchange)} - {"RGB", ""} if exchange else set()


def as_long(_: Run, cause: Finding, red: Finding) -> bool:
    """Some picture is at least as long for its width, and the end is the same."""
    first, second = _slimness(cause), _slimness(red)
    return 2 < first <= second and _outcome(cause) == _outcome(red)


def _slimness(finding: Finding) -> float:
    """Longer side by shorter side of the slimmest picture; 0 where there is none."""
    exchange = witness.last(finding)
    pictures = witness.pictures_of(exchange) if exchange else []
    sides = [(max(p.width, p.height), min(p.width, p.height)) for p in pictures]
    return max((long / short for long, short in sides if short), default=0.0)


def same_way(_: Run, cause: Finding, red: Finding) -> bool:
    """The plainest picture is lost on the way that the other took, with the same outcome."""
    first, second = witness.last(cause), witness.last(red)
    if first is None or second is None or _outcome(cause) != _outcome(red):
        return False
    ways = (witness.by_url, witness.by_data_url)
    return any(way(first) and way(second) for way in ways)


def _outcome(finding: Finding) -> int:
    """Status, where every 4xx counts as one and every 5xx as one."""
    status = witness.status(finding)
    return status // 100


def several_pictures(_: Run, __: Finding, red: Finding) -> bool:
    exchange = witness.last(red)
    return exchange is not None and len(list(witness.parts_of(exchange))) > 1


def streamed(_: Run, __: Finding, red: Finding) -> bool:
    return any(e.probe.stream for e in red.evidence)


def overlooked_prefix(_: Run, cause: Finding, red: Finding) -> bool:
    """What begins unlike 'data:' and 'http' is passed over, upper-case 'DATA:' included."""
    spelling = cause.case.param.id if cause.case.param else ""
    if spelling != "upper-case-scheme" or witness.status(cause) != witness.status(red):
        return False
    return red.case.check.id == "url/url-that-is-no-address-is-refused"


def no_address(_: Run, cause: Finding, red: Finding) -> bool:
    """Bare base64 is no address either."""
    bare = red.case.id == "base64/unusual-spelling[raw-base64]"
    return bare and _outcome(cause) == _outcome(red)


def no_string(_: Run, cause: Finding, red: Finding) -> bool:
    """A part without image_url has no string there either."""
    missing = red.case.check.id == "base64/missing-image-url-is-refused"
    return missing and _outcome(cause) == _outcome(red)


def in_stream(_: Run, cause: Finding, red: Finding) -> bool:
    """An error inside a stream of status 200, asked for or not."""
    exchange = witness.last(red)
    if exchange is None or not _is_swallowed(cause):
        return False
    return exchange.reply.is_error and exchange.status == 200


def unreadable(_: Run, cause: Finding, red: Finding) -> bool:
    """Both want bytes refused that hold no picture, and get the same instead."""
    both = witness.wants_refusal(cause) and witness.wants_refusal(red)
    return both and not red.case.check.id.startswith("errors/") and _outcome(cause) == _outcome(red)


def malformed_usage(_: Run, __: Finding, red: Finding) -> bool:
    """The schema is violated in usage, or the stream's usage cannot be read either."""
    area, said = red.case.check.area, f"{red.actual} {red.expected}"
    return area in ("shape", "streaming") and "usage" in said


def cost(_: Run, __: Finding, red: Finding) -> bool:
    return witness.is_about_cost(red) and witness.status(red) == 200


def cut_off(_: Run, cause: Finding, red: Finding) -> bool:
    """What stands at the margin is lost: nothing there can be read in any picture."""
    return witness.status(cause) == 200 == witness.status(red) and witness.is_reading(red)


def large_picture(_: Run, __: Finding, red: Finding) -> bool:
    """A picture that low detail would shrink, sent without detail, is not read."""
    exchange = witness.last(red)
    if exchange is None or exchange.status != 200 or not witness.is_reading(red):
        return False
    parts = list(witness.parts_of(exchange))
    sizes = [max(p.width, p.height) for p in witness.pictures_of(exchange)]
    return len(parts) == len(sizes) == 1 and parts[0].detail is None and sizes[0] > _LOW


def same_finish_reason(_: Run, cause: Finding, red: Finding) -> bool:
    first, second = witness.last(cause), witness.last(red)
    if first is None or second is None:
        return False
    reason = first.reply.finish_reason
    return reason not in ("", "stop") and reason == second.reply.finish_reason
