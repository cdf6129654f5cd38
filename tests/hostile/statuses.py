"""Status lines, and statuses that promise something else."""

from __future__ import annotations

from behaving import GOOD, JSON, Behaviour, dumped, for_ever, made, raw, reply


def _line(name: str, sentence: str, status: str) -> Behaviour:
    return raw(name, sentence, reply(GOOD, status=status))


def _error(name: str, sentence: str, status: str, more: str = "") -> Behaviour:
    body = dumped({"error": {"message": "no", "type": "x", "param": None, "code": None}})
    whole = reply(body, JSON, more, status)
    return Behaviour(name=name, sentence=sentence, pieces=lambda: (whole,))


_LATER = "429 Too Many Requests"

STATUSES = (
    _line("status-99", "Status 99.", "99 Low"),
    _line("status-000", "Status 000.", "000 None"),
    _line("status-1000", "Status 1000.", "1000 High"),
    _line("status-999", "Status 999.", "999 Denied"),
    _line("status-negative", "A negative status.", "-200 OK"),
    _line("status-text", "A word in place of the status.", "fine"),
    _line("status-none", "No status at all.", ""),
    _line("status-long", "A reason of 60,000 characters.", "200 " + "x" * 60_000),
    _line("status-escape", "Escape sequences in the reason.", "500 \x1b[2J\x1b]0;owned\x07"),
    _line("status-101", "Another protocol is said to follow.", "101 Switching Protocols"),
    _line("status-100-only", "100 and nothing after it.", "100 Continue"),
    _line("status-204-body", "204 with a body.", "204 No Content"),
    _line("status-205-body", "205 with a body.", "205 Reset Content"),
    _line("status-206", "206 though no part was asked for.", "206 Partial Content"),
    _line("status-304", "304 with a body.", "304 Not Modified"),
    _line("status-226", "226.", "226 IM Used"),
    made("informational-for-ever", "Informational replies without end.",
         lambda: for_ever(b"HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n" * 64)),
    made("informational-drip", "An informational reply each second.",
         lambda: for_ever(b"HTTP/1.1 102 Processing\r\n\r\n", 1.0)),
    raw("informational-then-good", "A thousand informational replies, then a reply.",
        b"HTTP/1.1 102 Processing\r\n\r\n" * 1000 + reply(GOOD)),
    _error("redirect-loop", "A redirect to where the request went.", "307 Temporary Redirect",
           "location: /v1/chat/completions\r\n"),
    _error("redirect-none", "A redirect to nowhere.", "302 Found"),
    _error("redirect-file", "A redirect to a file.", "301 Moved", "location: file:///etc/passwd\r\n"),
    _error("redirect-bad", "A redirect to no URL.", "308 Permanent Redirect",
           "location: http://[::1:99999/\x01\r\n"),
    _error("redirect-long", "A redirect of 60,000 characters.", "302 Found",
           "location: /" + "x" * 60_000 + "\r\n"),
    _error("status-300", "Multiple choices.", "300 Multiple Choices"),
    _error("status-401-challenge", "401 with a thousand challenges.", "401 Unauthorized",
           "www-authenticate: Digest realm=x, nonce=y\r\n" * 1000),
    _error("status-402", "402.", "402 Payment Required"),
    _error("status-407", "407.", "407 Proxy Authentication Required",
           "proxy-authenticate: Basic realm=x\r\n"),
    _error("status-408", "408.", "408 Request Timeout"),
    _error("status-418", "418.", "418 I'm a teapot"),
    _error("status-421", "421.", "421 Misdirected Request"),
    _error("status-426", "426.", "426 Upgrade Required", "upgrade: h2c\r\n"),
    _error("status-500", "500 with an error object.", "500 Internal Server Error"),
    _error("status-529", "529.", "529 Overloaded"),
    _error("retry-after-negative", "429, retry-after: -5.", _LATER, "retry-after: -5\r\n"),
    _error("retry-after-nan", "429, retry-after: nan.", _LATER, "retry-after: nan\r\n"),
    _error("retry-after-1e400", "429, retry-after: 1e400.", _LATER, "retry-after: 1e400\r\n"),
    _error("retry-after-inf", "429, retry-after: inf.", _LATER, "retry-after: inf\r\n"),
    _error("retry-after-digits", "429, retry-after of 5,000 digits.", _LATER,
           "retry-after: " + "9" * 5000 + "\r\n"),
    _error("retry-after-words", "429, retry-after: soon.", _LATER, "retry-after: soon\r\n"),
    _error("retry-after-past", "429, retry-after in 1970.", _LATER,
           "retry-after: Thu, 01 Jan 1970 00:00:00 GMT\r\n"),
    _error("retry-after-9999", "429, retry-after in the year 9999.", _LATER,
           "retry-after: Fri, 31 Dec 9999 23:59:59 GMT\r\n"),
    _error("retry-after-odd-date", "429, retry-after on a day that does not exist.", _LATER,
           "retry-after: Fri, 99 Xyz 20000 99:99:99 +9999\r\n"),
)  # fmt: skip
