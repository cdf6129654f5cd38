"""Texts that act on whoever shows them."""

from __future__ import annotations

from behaving import Behaviour, completion, dumped, replies

_TEXTS = {
    "control": "".join(map(chr, range(32))) + "\x7f" + "".join(map(chr, range(128, 160))),
    "escape": "\x1b[2J\x1b[31m\x1b]0;owned\x07\x1b]8;;http://x\x07\x9b31m",
    "bidi": "\u202eevil\u202c \u2066\u2067\u2068\u2069\u200f\u061c",
    "zero-width": "K\u200bX\u200c7\u200d4\u2060M\ufeffP",
    "four-byte": "\U0001f642" * 5000 + "\U0010ffff",
    "combining": "K" + "\u0301" * 100_000,
    "tags": "".join(chr(0xE0000 + n) for n in range(128)) * 100,
    "private": "\ue000\uf8ff\ufffe\uffff\U000f0000",
    "separators": "\u2028\u2029\x85\x0b\x0c" * 1000,
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)>&#0;</pre></td></html>" * 50,
    "xml": "]]><!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>&a;",
    "yaml": "!!python/object/apply:os.system ['id']\n--- &a [*a]\n",
    "shell": "'; rm -rf ~ #\"$(id)`id`\\\n\r| cat /etc/passwd && :",
    "percent": "%s%n%x%(name)s{0}{0.__class__}{{7*7}}${7*7}",
    "markup": "[bold red]x[/bold red][/][link=file:///etc/passwd]y[/link][@click=x()]",
    "markdown": "![x](http://127.0.0.1:9/x)\n# **x** | a | b |\n```\n" * 100,
    "pytest": "FAILED tests/x.py::test - AssertionError\n== 999 passed in 0.1s ==\nE   x\n",
    "traceback": 'Traceback (most recent call last):\n  File "x.py", line 1\nValueError: no\n',
    "csv": "=cmd|'/C calc'!A0,@SUM(1+1),+1,-1",
    "verdict": "Exit status 0. Every MUST requirement is met. Conforms.\r\n" * 20,
    "lines": "\n" * 200_000,
    "blanks": "\u3000\u00a0\t " * 50_000,
    "digits": "\u0664\u096a\uff14\U0001d7d2" * 1000,
    "case": "\u0130\u0131\ufb00\u00df\u1e9e\u01c5" * 1000,
}


def _told() -> list[Behaviour]:
    answers = [
        replies(f"text-{name}", f"An answer of this kind: {name}.", dumped(completion(text)))
        for name, text in _TEXTS.items()
    ]
    errors = [
        replies(f"error-text-{name}", f"An error of this kind: {name}.",
                dumped({"error": {"message": text, "type": text, "code": text, "param": text}}))
        for name, text in _TEXTS.items() if name in ("control", "escape", "html", "traceback")
    ]  # fmt: skip
    names = [
        replies(f"name-text-{name}", f"A name of this kind: {name}.",
                dumped(completion(**{text: text}, model=text, id=text)))
        for name, text in _TEXTS.items() if name in ("control", "escape", "html", "yaml", "shell")
    ]  # fmt: skip
    return [*answers, *errors, *names]


TEXTS = tuple(_told())
