"""Twenty more hostile texts, written down before anything was measured with them, and unchanged."""

from __future__ import annotations

UNSEEN: dict[str, str] = {
    "sixel": "a\x1bPq#0;2;0;0;0#0~~@@vv\x1b\\b",
    "apc": "a\x1b_Gf=100,a=T;AAAA\x1b\\\x1b^privacy\x1b\\\x1bXstart\x1b\\b",
    "report": "a\x1b[6n\x1b[c\x1b[5n\x05\x1b]10;?\x07b",
    "charset": "a\x1b(0lqqk\x1b(B\x0e\x0fb\x1b%G\x1b#8",
    "iterm": "a\x1b]1337;SetMark\x07\x1b]9;notify\x07\x1b]777;notify;x;y\x07b",
    "paste": "a\x1b[200~touch pwned\n\x1b[201~b",
    "interlinear": "a\ufff9b\ufffac\ufffbd\u206ae\u2064f",
    "musical": "a\U0001d173b\U0001d17ac\U0001bca0d",
    "variation": "a" + "\ufe00" * 50 + "\U000e0150" * 50 + "b",
    "hebrew-points": "\u05d0" + "\u05b0\u05b1\u05b4\u05bc" * 30,
    "math": "<math><mtext><table><mglyph><style><img src=x onerror=document.title='owned'>",
    "svg-use": "<svg><use href=data:image/svg+xml,<svg/onload=alert(1)>#x></use><a "
    "xlink:href=javascript:x>",
    "comment": "--><!--><script>document.title='owned'</script><!--",
    "nested-link": '[![a](http://127.0.0.1:9/b)](http://127.0.0.1:9/c "d") [e][f] [g]() '
    "<a@b.example>",
    "setext": "x\n===\ny\n---\n1. z\n- [ ] w\n+++\n<?php x ?>\n<![CDATA[",
    "order-case": "x\n::ERROR::y\n\t::Warning file=a::b\n::notice title=::c\n::save-state "
    "name=x::y",
    "order-run": ":::::error::x ###[error]y ####vso[task.logissue type=error]z ##[endgroup]",
    "arithmetic": "$[`touch pwned`] $'\\x27; touch pwned #' <(touch pwned) >pwned \\\ntouch pwned",
    "history": "!touch !-1 ^a^touch pwned^ \\'; touch pwned; echo \\'",
    "yaml-merge": "<<: {a: b}\n!!set {x}\n!ruby/object:Gem {} 2001-01-01 12:30:45 .inf 0b1 1_000 =",
}
