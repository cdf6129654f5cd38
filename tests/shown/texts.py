"""Texts that act on whoever shows them: on a terminal, a page, a shell, a CI server, a parser."""

from __future__ import annotations

#: Where the canary of a shell would be.
PWNED = "pwned"
TEXTS: dict[str, str] = {
    "clear": "a\x1b[2J\x1b[H\x1b[3Jb",
    "title": "a\x1b]0;owned\x07\x1b]2;owned\x1b\\b",
    "link": "a\x1b]8;;http://127.0.0.1:8999/x\x07b\x1b]8;;\x07c",
    "clipboard": "a\x1b]52;c;b3duZWQ=\x07b",
    "cursor": "a\x1b[10A\x1b[1G\x1b[2K\x1b7\x1b8\x1bc\x1b[?1049hb",
    "colours": "a\x1b[8m\x1b[30;40mhidden",
    "c1": "a\x9b2J\x9d0;owned\x9c\x90q\x9c\x85b",
    "controls": "".join(map(chr, range(32))) + "\x7f" + "".join(map(chr, range(128, 160))),
    "bidi": "a\u202egnp.exe\u202c\u2066b\u2067c\u2068d\u2069\u200f\u061ce",
    "zero-width": "a\u200bb\u200cc\u200dd\u2060e\ufefff\u00adg\u3164h\u115fi\U000e0101j",
    "tags": "a" + "".join(chr(0xE0000 + ord(c)) for c in "hidden orders") + "b",
    "surrogate": "a\ud800b\udc00c\udfff",
    "nul": "a\x00b\x00",
    "lines": "a\r\nb\nc\rd\u2028e\u2029f\x0bg\x0ch",
    "forged": "a\n✓ Conforms. Exit status 0.\n\n== 9 passed in 0.1s ==\nreport: evil.html",
    "noncharacters": "a\ufffe\uffff\ufdd0\U0010ffffb",
    "xml": "]]>&lt;x/&gt;<![CDATA[y]]><!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;",
    "script": "<script>document.title='owned'</script></script><script>document.title=1</script>",
    "image": "<img src=x onerror=\"document.title='owned'\"><svg/onload=document.title='owned'>",
    "page": "</pre></code></details></style></title></textarea><base href=//x><meta http-equiv="
    "refresh content='0;http://127.0.0.1:8999/'><iframe src=http://127.0.0.1:8999/>",
    "address": "javascript:document.title='owned' data:text/html,<script>x</script> "
    "//127.0.0.1:8999/x",
    "entities": "&lt;b&gt; &amp;lt; &#60;script&#62; &#x0; &nbsp",
    "quotes": "\"'`´‘’“”«»„‚\u2032\u2033\\\"\\'\\\\",
    "attribute": "\" onmouseover=\"document.title='owned'\" x='` style=position:fixed",
    "template": "{{ 7*7 }}{% raw %}{#x#}${7*7}#{7*7}<%= 7*7 %>%(x)s%s{0.__class__}",
    "pipe": "a | b | c\n| --- | --- |\n| d | e |\n\n# Heading\n\n* * *\n> quote",
    "markdown": "![x](http://127.0.0.1:8999/x.png) [y](javascript:x) "
    "<http://127.0.0.1:8999/> **b** `c`",
    "reference": "[x]: http://127.0.0.1:8999/ 'y'\n[x] ![x] [^1] <!-- z --> @all #1 "
    "http://127.0.0.1:8999/ www.x.example",
    "fence": "```\n~~~\n    code\n<details><summary>x</summary>\n<b>y</b>",
    "github": "a\n::error file=x,line=1::owned\n::set-output name=x::y\n "
    "::add-mask::e\n::stop-commands::x",
    "github-old": "##[set-env name=X]y ##[group]z ##[add-path]/x",
    "azure": "##vso[task.setvariable variable=x]y ##vso[task.complete result=Succeeded;]",
    "teamcity": "##teamcity[testFailed name='x' message='y'] section_start:1:x\r\x1b[0Ky",
    "yaml": "!!python/object/apply:os.system ['touch pwned']\n---\n...\n- &a [*a]\n%TAG ! x",
    "yaml-words": "yes",
    "yaml-key": '? <<: *a, 0o17: 1e3, ~: !!binary "cHduZWQ=" # x',
    "binary": '!!binary "cHduZWQ="',
    "substitution": "$(touch pwned) ${IFS} $((1)) `touch pwned` !! !$ ~ * ? {a,b}",
    "quoted": "'; touch pwned; ' \"; touch pwned; \" \n touch pwned \n # x",
    "heredoc": "\nEOF\nBODY\ntouch pwned\n&& touch pwned || touch pwned & touch pwned",
    "percent": "%0a%0d%00%n%s\\n\\x1b[2J\\u202e",
    "rich": "[bold]x[/bold] [/] [link=file:///etc/passwd]y[/link] [@click=x()]z [not a tag] :boom:",
    "long": "W" * 5000,
    "rtl": "\u05d0\u05d1\u05d2 \u0627\u0644\u0639\u0631\u0628\u064a\u0629 123 (abc) \u05d3",
    "emoji": "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466 "
    "\U0001f3f4\U000e0067\U000e007f \u2764\ufe0f",
    "stacked": "Z" + "\u0301\u0315\u0358\u20d2" * 25 + "y",
    "wide": "図" * 200 + "ｗｉｄｅ" * 50,
    "csv": "=cmd|'/C calc'!A0 @SUM(1+1) +1 -1",
    "spaces": "a" + "\u3000\u00a0\u2003\t " * 40 + "b",
}
