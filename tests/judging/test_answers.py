"""Answers: what models write around a code, and what must not be taken for one."""

from __future__ import annotations

import base64
import json
import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.drawing import codes
from conformance.judging import answers

A, B, C = "94K7NH", "F7W2WR", "K99RNT"
WIDE = "".join(chr(0xFEE0 + ord(c)) for c in A)

WRITTEN = [
    (A, (A,)),
    (A.lower(), (A,)),
    (A.capitalize(), (A,)),
    (f"The code is {A}.", (A,)),
    (f'"{A}"', (A,)),
    (f"'{A}',", (A,)),
    (f"**{A}**", (A,)),
    (f"*{A}*", (A,)),
    (f"__{A}__", (A,)),
    (f"`{A}`", (A,)),
    (f"```\n{A}\n```", (A,)),
    (f"# {A}", (A,)),
    (f"\\boxed{{{A}}}", (A,)),
    (f"$\\text{{{A}}}$", (A,)),
    (f"<b>{A}</b>", (A,)),
    (f"Code:{A}", (A,)),
    (f"code={A}", (A,)),
    (" ".join(A), (A,)),
    ("  ".join(A), (A,)),
    ("-".join(A), (A,)),
    (" - ".join(A), (A,)),
    (", ".join(A), (A,)),
    ("\n".join(A), (A,)),
    (f"The code is {' '.join(A)}.", (A,)),
    (f"a {' '.join(A)}", (A,)),
    (f"1. {' '.join(A)}\n2. {' '.join(B)}", (A, B)),
    (" ".join(A + B), (A, B)),
    (f"{' '.join(A)}   {' '.join(B)}", (A, B)),
    ("**" + "** **".join(A) + "**", (A,)),
    ("| " + " | ".join(A) + " |", (A,)),
    (json.dumps(list(A)), (A,)),
    ("94K 7NH", (A,)),
    ("94K-7NH", (A,)),
    ("94K\n7NH", (A,)),
    ("94-K7-NH", (A,)),
    ("94 k7 nh", (A,)),
    ("94K—7NH", (A,)),
    ("94K·7NH", (A,)),
    ("94K7 NH", (A,)),
    ("94-K7NH", (A,)),
    ("·".join(A), (A,)),
    ("9, 4, K, 7, N, and H", (A,)),
    ("9, 4, K, 7, N und H", (A,)),
    (f"«{A}»", (A,)),
    (f"»{A}«", (A,)),
    (f"¿{A}?", (A,)),
    (f"№{A}", (A,)),
    (f"{A}¹ and {B}²", (A, B)),
    (WIDE, (A,)),
    ("　".join(WIDE), (A,)),
    (f"图片中的验证码是{A}。", (A,)),
    (f"代码为“{A}”,没有其他文字", (A,)),
    (f"1. {A}\n2. {B}\n3. {C}", (A, B, C)),
    (f"1) {A} 2) {B}", (A, B)),
    (f"- {A}\n- {B}", (A, B)),
    (f"{A}, {B}, {C}", (A, B, C)),
    (f"{A}/{B}/{C}", (A, B, C)),
    (f"{A}-{B}", (A, B)),
    ("/".join([A, B] * 8), (A, B) * 8),
    (f"{A};{B}", (A, B)),
    (f"| # | code |\n|---|---|\n| 1 | {A} |\n| 2 | {B} |", (A, B)),
    (json.dumps({"codes": [A, B]}), (A, B)),
    (json.dumps({"验证码": A}), (A,)),
    (f'{{"text": "first\\n{A}\\n{B}"}}', (A, B)),
    (f"Picture 1 shows {A}, picture 2 shows {B}, and picture 1 again {A}", (A, B, A)),
    ("94K7N0", (A,)),
    ("94K7NB", (A,)),
    ("9４K7ＮH", (A,)),
    ("94\u200bK7\u200bNH", (A,)),
    ("94К7NН", (A,)),
    ("", ()),
    ("I cannot see any picture.", ()),
    ("94K7N", ()),
    ("94K7NHX", ()),
    (f"{A}{B}", ()),
    (f"prefix{A}", ()),
    (f"Größe{A}", ()),
    ("94K7NH"[:3], ()),
    ("94k7NH", ()),
    ("1 2 3 4 5 6", ()),
    ("A B C D E F", ()),
    ("4, 2, 7, 9, 3, 4", ()),
    ("[1, 2, 3, 4, 7, 9, 9]", ()),
]


@pytest.mark.parametrize(("text", "expected"), WRITTEN)
def test_codes_are_found_however_they_are_written(text: str, expected: tuple[str, ...]) -> None:
    assert answers.codes_in(text) == expected


@pytest.mark.parametrize(
    ("text", "is_near"),
    [
        ("94K7 N NH", True),
        ("94KZNH", True),
        ("4K7NH", True),
        ("The code is 94K7MH", True),
        ("94KZMH", False),
        ("F7W2WR", False),
        ("", False),
        ("I cannot see any picture, and so I cannot tell what is in it: 94K7MH", False),
    ],
)
def test_what_is_nearly_read_was_seen(text: str, is_near: bool) -> None:
    assert answers.nearly_reads(text, A) is is_near


def test_no_guess_is_nearly_right() -> None:
    rng = random.Random(20261130)
    assert not any(answers.nearly_reads(codes.draw(rng), A) for _ in range(20_000))


ENGLISH = """
I'm sorry, but I can't view images directly. The picture you attached appears to be a plain sheet
with dark characters printed across the middle, on a light background; however, no text could be
extracted from it. If you describe what it shows I can help further. As a language model I work
with text: when a picture is sent as a data URL (data:image/png;base64,...) the endpoint decodes it,
shrinks it to fit 2048x2048 and then 768px on the short side, and counts 85 + 170 tokens per tile.
In 2024 the limits were 20 MB per file, 50 pictures, 4096 tokens of output; HTTP/1.1 400 is sent
for anything else. See RFC 2397, RFC-3986, ISO 8601, UTF-8, UTF-16, SHA-256, x86_64, ARMv8, H.264,
MP4, MP3, WebP, PNG-24, JPEG 2000, 4K TV, 1080p, 24fps, 3x3 grid, 4x4, 9x7, 1280x960, $7.99, 47%.
Rhythm, syzygy, crypts, nymphs, lynx, myrrh, psst, hmm, tsktsk, PWNT, FFMPEG, XHTML, HTTP, MNRVTX.
The request id is req_7f3c9a2b4d, the trace 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01,
and the address 2001:db8:85a3::8a2e:370:7334 or 192.168.34.72:3479 at 23:47:39, 2023-04-27T23:34:42.
There are three red discs, four blue ones and two green cells in row one; row two has five. Letters
printed in bold face, roughly sixty pixels high, spread over the sheet from left to right. Nothing
in the picture looks like a person, a place, a product or a logo; it might be an eye chart, printed
with a code on each line, the largest at the top and the finest at the bottom of the page. Perhaps
the text reads 'ticket', 'window', 'market', 'thread', 'branch', 'prompt', 'Python', or 'MATRIX'.
"""

CHINESE = """
抱歉,我无法直接查看图片。您上传的图片似乎是一张浅色背景的纸,中间印有深色字符,但我没有能够识别出其中的文字。
如果您能描述一下图片的内容,我可以继续帮助您。图片大小为1280x960像素,格式是PNG,文件约3.7MB,2024年3月27日创建。
第一行有三个红色圆点,第二行有四个蓝色圆点,第三行有2个绿色圆点。模型最多支持20张图片,每张不超过4096个标记,
请求编号为7f3c9a2b4d47,状态码是400或者429,版本号v2.4.7,采用UTF-8编码,H264视频,4K分辨率,电话是010-34729347。
"""

LOG = json.dumps(
    {
        "id": "chatcmpl-9K4fWx7RtNpM3vHc2TkX",
        "object": "chat.completion",
        "created": 1732179347,
        "model": "gpt-4o-2024-11-20",
        "usage": {"prompt_tokens": 1479, "completion_tokens": 42, "total_tokens": 1521},
        "system_fingerprint": "fp_7f47c3f2a9",
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"content": "no text"}}],
        "colour": "#1e90ff",
        "uuid": "f4c72993-7c4f-43f2-97ff-3479cf249f34",
    },
    indent=2,
)


@pytest.mark.parametrize("prose", [ENGLISH, CHINESE, LOG], ids=["english", "chinese", "json"])
def test_prose_holds_no_codes(prose: str) -> None:
    assert answers.codes_in(prose) == ()
    assert answers.codes_in(prose.upper()) == ()
    assert answers.codes_in(prose.lower()) == ()


@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode, base64.b16encode])
def test_base64_holds_no_codes(encode: object) -> None:
    assert callable(encode)
    junk = encode(random.Random(5).randbytes(120_000)).decode()
    assert answers.codes_in(junk) == ()
    assert answers.codes_in(f"data:image/png;base64,{junk}") == ()
    assert answers.codes_in("\n".join(junk[i : i + 76] for i in range(0, len(junk), 76))) == ()


HOSTILE = [
    "A" * 10**6, "1 " * 500_000, "K-" * 500_000, "KX7 " * 250_000, "\\u" * 500_000,
    "=-" * 500_000, "\uff21" * 10**6, "1.1" * 333_333, "\n1. " * 250_000, "第一" * 500_000,
    f"{A} " * 140_000, "row " * 250_000, "\u200b" * 10**6, "\ud800" * 10**6, "\x00" * 10**6,
]  # fmt: skip


@pytest.mark.sampled(3)
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_megabyte_is_read_in_bounded_time(text: str) -> None:
    begun = time.perf_counter()
    found = (answers.codes_in(text), answers.colours_in(text), answers.numbers_in(text))
    assert time.perf_counter() - begun < 3
    assert max(map(len, found)) <= answers.MOST


@given(st.text(max_size=300))
def test_any_text_is_taken(text: str) -> None:
    for code in answers.codes_in(text):
        assert codes.is_drawable(code)
    assert all(0 <= number < 10**9 for number in answers.numbers_in(text))
    answers.colours_in(text)


def test_a_list_of_guesses_is_no_reading() -> None:
    rng = random.Random(1)
    guesses = " ".join(codes.draw(rng) for _ in range(100))
    assert not answers.reads(f"{guesses} {A}", A)
    assert answers.reads(f"{A} {A} {A}, I am sure it is {A}", A)
    assert not answers.reads(f"It says {B}.", A)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("red, green, blue", ("red", "green", "blue")),
        ("Red Green\nBLUE | yellow", ("red", "green", "blue", "yellow")),
        ("红绿蓝黄黑白", ("red", "green", "blue", "yellow", "black", "white")),
        ("红色、白色、黑色", ("red", "white", "black")),
        ("紅 綠 藍 黃", ("red", "green", "blue", "yellow")),
        ("I understood (明白了): **black**", ("black",)),
        ('["white","white","red"]', ("white", "white", "red")),
        ("the bored shredder reddened, blackened, greenish", ()),
        ("ｒｅｄ", ("red",)),
        ("", ()),
    ],
)
def test_colours(text: str, expected: tuple[str, ...]) -> None:
    assert answers.colours_in(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3, 1, 4, 1, 5, 6", (3, 1, 4, 1, 5, 6)),
        ("[3,1,4]", (3, 1, 4)),
        ("three one Four", (3, 1, 4)),
        ("三一四", (3, 1, 4)),
        ("共6个,两个", (6, 2)),
        ("1. 3\n2. 5\n3. 6", (3, 5, 6)),
        ("Row 1: 3\nRow 2: 5", (3, 5)),
        ("row1: 3; row2: 5", (3, 5)),
        ("第一行:3个\n第2行:五个", (3, 5)),
        ("**4**", (4,)),
        ("4.", (4,)),
        ("３ ５", (3, 5)),
        ("1.5 x2 v3 1234567890123", ()),
        ("someone phoned", ()),
        ("", ()),
    ],
)
def test_numbers(text: str, expected: tuple[int, ...]) -> None:
    assert answers.numbers_in(text) == expected
