"""Every published worked example, and every computed vector of the spec facts, one row each."""

from __future__ import annotations

import pytest

from conformance.tokens.openai import Patches
from conformance.tokens.rules import rule_named

#: Rule, width, height, detail, tokens.
OPENAI_TILES = [
    ("gpt-4o", 1024, 1024, "high", 765),
    ("gpt-4o", 2048, 4096, "high", 1105),
    ("gpt-4o", 4096, 8192, "low", 85),
    ("gpt-4o", 125, 50, "auto", 255),
    ("gpt-4o", 125, 50, "high", 255),
    ("gpt-4o", 512, 512, "high", 255),
    ("gpt-4o-mini", 512, 512, "high", 8500),
    ("gpt-5", 512, 512, "high", 210),
    ("o1", 512, 512, "high", 225),
    ("computer-use-preview", 512, 512, "high", 194),
    ("gpt-4o", 513, 513, "high", 765),
    *[
        (rule, w, h, "high", tokens)
        for w, h in ((768, 768), (1024, 1024), (3000, 4000))
        for rule, tokens in (
            ("gpt-4o", 765),
            ("gpt-4o-mini", 25501),
            ("gpt-5", 630),
            ("o1", 675),
            ("computer-use-preview", 581),
        )
    ],
    *[
        (rule, w, h, "high", tokens)
        for w, h in ((1920, 1080), (1080, 1920), (2048, 4096))
        for rule, tokens in (
            ("gpt-4o", 1105),
            ("gpt-4o-mini", 36835),
            ("gpt-5", 910),
            ("o1", 975),
            ("computer-use-preview", 839),
        )
    ],
    ("gpt-4o", 800, 3000, "high", 1445),
    ("gpt-4o", 8000, 500, "high", 765),
    ("gpt-4o", 200, 1600, "high", 765),
    ("gpt-4o", 64, 64, "high", 255),
    ("gpt-4o", 769, 400, "high", 425),
    ("gpt-5", 4096, 8192, "low", 70),
    ("o1", 4096, 8192, "low", 75),
    ("gpt-4o-mini", 4096, 8192, "low", 2833),
    ("computer-use-preview", 4096, 8192, "low", 65),
    ("gpt-image-1", 512, 512, "high", 65 + 129),
    ("gpt-image-1", 1024, 1024, "high", 65 + 129),
    ("gpt-image-1-high-fidelity", 1024, 1024, "high", 65 + 129 + 4160),
    ("gpt-image-1-high-fidelity", 1024, 1536, "high", 65 + 2 * 129 + 6240),
]

_SIZES = ((512, 512), (1024, 1024), (1800, 2400), (2048, 2048), (1920, 1080))
_PATCH_TABLE = {
    ("gpt-5.4", "high"): (308, 1229, 2942, 3000, 2448),
    ("gpt-5.4", "low"): (308, 1229, 3687, 4916, 2448),
    ("gpt-5.5", "low"): (308, 308, 231, 308, 173),
    ("gpt-5.6", "low"): (308, 308, 231, 308, 173),
    ("gpt-5.5", "original"): (308, 1229, 5130, 4916, 2448),
    ("gpt-4.1-mini", "high"): (415, 1659, 4977, 6636, 3305),
    ("gpt-4.1-mini@2025", "high"): (415, 1659, 2353, 2465, 2443),
    ("gpt-4.1-nano@2025", "high"): (630, 2520, 3572, 3742, 3710),
    ("o4-mini@2025", "high"): (441, 1762, 2498, 2617, 2594),
}
OPENAI_PATCHES = [
    (rule, *size, detail, tokens)
    for (rule, detail), row in _PATCH_TABLE.items()
    for size, tokens in zip(_SIZES, row, strict=True)
] + [
    ("gpt-5.5", 2048, 2048, "high", 3000),
    ("gpt-5.6", 6000, 6000, "high", 3000),
    ("gpt-5.5", 1024, 1024, "auto", 1229),
    ("gpt-5.2", 2048, 2048, "low", 4916),
    ("gpt-5.2", 2048, 2048, "high", 4916),
]

#: Rule, width, height, detail, patches before the multiplier.
PATCHES = [
    ("gpt-4.1-mini@2025", 1024, 1024, "high", 1024),
    ("gpt-4.1-mini@2025", 1800, 2400, "high", 1452),
    ("gpt-4.1-mini@2025", 2048, 2048, "high", 1521),
    ("gpt-4.1-mini@2025", 1920, 1080, "high", 1508),
    ("gpt-5.4", 512, 512, "high", 256),
    ("gpt-5.4", 1024, 1024, "high", 1024),
    ("gpt-5.4", 1800, 2400, "high", 2451),
    ("gpt-5.4", 2048, 2048, "high", 2500),
    ("gpt-5.4", 1920, 1080, "high", 2040),
    ("gpt-5.4", 1800, 2400, "low", 3072),
    ("gpt-5.5", 1024, 1024, "low", 256),
    ("gpt-5.5", 1800, 2400, "low", 192),
    ("gpt-5.5", 1920, 1080, "low", 144),
    ("gpt-5.5", 1800, 2400, "original", 4275),
    ("gpt-5.6", 6000, 6000, "original", 35344),
    ("gpt-5.6", 6000, 6000, "high", 2500),
    ("gpt-5.6", 1425, 21637, "original", 30465),
]

OTHERS = [
    ("claude", 200, 200, "high", 64),
    ("claude", 1000, 1000, "high", 1296),
    ("claude", 1092, 1092, "high", 1521),
    ("claude-high", 1920, 1080, "high", 2691),
    ("claude-high", 3840, 2160, "high", 4784),
    ("claude", 3840, 2160, "high", 1560),
    ("claude", 1075, 1520, "high", 33 * 47),
    ("claude@2024", 200, 200, "high", 54),
    ("claude@2024", 1000, 1000, "high", 1334),
    ("claude@2024", 1092, 1092, "high", 1590),
    ("gemini-2", 384, 384, "high", 258),
    ("gemini-2", 960, 540, "high", 1548),
    ("gemini-2", 1920, 1080, "high", 1548),
    ("gemini-1.5", 960, 540, "high", 1548),
    ("gemini-2-fixed", 960, 540, "high", 516),
    ("gemini-3", 4000, 100, "low", 280),
    ("gemini-3", 4000, 100, "high", 1120),
    ("gemini-3", 4000, 100, "auto", 1120),
    ("gemini-gdc", 4000, 3000, "high", 258),
    ("qwen2.5-vl", 224, 448, "high", 128),
    ("qwen2.5-vl", 1024, 1024, "high", 1369),
    ("qwen2.5-vl", 3172, 4096, "high", 16240),
    ("qwen3-vl", 1024, 1024, "high", 1024),
    ("qwen2.5-vl", 1, 1, "high", 4),
    ("llama-3.2-vision", 559, 559, "high", 1601),
    ("llama-3.2-vision", 560, 559, "high", 3202),
    ("llama-3.2-vision", 559, 560, "high", 3202),
    ("llama-3.2-vision", 1000, 1000, "high", 6404),
    ("llama-4", 336, 336, "high", 147),
    ("llama-4", 672, 672, "high", 4 * 145 + 147),
    ("pixtral", 1024, 1024, "high", 4160),
    ("pixtral", 4096, 4096, "high", 4160),
    ("mistral-small-3.2", 1540, 1540, "high", 3080),
    ("internvl-12", 448, 448, "high", 256),
    ("internvl-12", 896, 448, "high", 3 * 256),
    ("internvl-12", 2000, 1500, "high", 13 * 256),
    ("internvl-6", 2000, 2000, "high", 5 * 256),
    ("llava-1.5", 3000, 200, "high", 576),
    ("llava-next", 672, 672, "high", 5 * 576),
    ("llava-next", 300, 600, "high", 3 * 576),
    ("grok", 448, 448, "high", 512),
    ("grok", 4000, 4000, "high", 1792),
    ("doubao", 1280, 720, "high", 1176),
    ("doubao", 1920, 1080, "low", 1312),
    ("doubao", 4096, 4096, "high", 5120),
    ("deepseek-vision", 2000, 2000, "high", 346),
    ("deepseek-vision", 4000, 4000, "high", 346),
    ("kimi", 17, 4000, "high", 1024),
    ("glm-4v", 640, 480, "high", 1047),
]

_ESTIMATES = {
    (64, 64): (255, 255, 765, 255, 255, 765),
    (512, 512): (255, 255, 765, 255, 255, 765),
    (125, 50): (255, 255, 1445, 255, 255, 1445),
    (1080, 1920): (1105, 1105, 1105, 1105, 425, 1105),
    (800, 3000): (1445, 1445, 2125, 1445, 1445, 2125),
    (8000, 500): (765, 765, 8245, 765, 765, 8245),
}
_ESTIMATORS = ("gpt-4o", "one-api", "new-api", "litellm", "langchain", "camel")
ESTIMATORS = [
    (rule, *size, "high", tokens)
    for size, row in _ESTIMATES.items()
    for rule, tokens in zip(_ESTIMATORS, row, strict=True)
] + [
    ("new-api", 200, 1600, "high", 4165),
    ("new-api", 64, 64, "low", 85),
    ("new-api (not streamed)", 4000, 3000, "high", 255),
    ("new-api (other models)", 4000, 3000, "high", 520),
    ("new-api (4.1-mini)", 1800, 2400, "high", 2352),
    ("new-api (4.1-mini)", 1024, 1024, "low", 1659),
    ("litellm", 1024, 1024, "auto", 85),
    ("litellm", 769, 400, "high", 1105),
    ("litellm (flat)", 4000, 3000, "high", 250),
    ("litellm (unreadable)", 4000, 3000, "high", 255),
    ("langchain", 2048, 4096, "high", 425),
    ("langchain", 2048, 4096, "low", 85),
    ("codex", 1024, 1024, "high", 1024),
    ("codex", 6000, 6000, "original", 10000),
    ("w*h/750", 1500, 1000, "high", 2000),
    ("opencodex", 100, 100, "high", 256),
    ("opencodex", 1500, 1000, "high", 2000),
    ("nothing", 4000, 3000, "high", 0),
]


@pytest.mark.parametrize(
    ("name", "width", "height", "detail", "tokens"),
    [*OPENAI_TILES, *OPENAI_PATCHES, *OTHERS, *ESTIMATORS],
)
def test_vector(name: str, width: int, height: int, detail: str, tokens: int) -> None:
    rule = rule_named(name)
    assert rule is not None
    assert rule.cost(width, height, detail) == tokens


@pytest.mark.parametrize(("name", "width", "height", "detail", "patches"), PATCHES)
def test_patches(name: str, width: int, height: int, detail: str, patches: int) -> None:
    rule = rule_named(name)
    assert isinstance(rule, Patches)
    assert rule.patches(width, height, detail) == patches


@pytest.mark.parametrize(
    ("name", "width", "height", "detail", "size"),
    [
        ("gpt-4o", 2048, 4096, "high", (768, 1536)),
        ("gpt-4o", 512, 300, "high", (512, 300)),
        ("gpt-4.1-mini@2025", 1800, 2400, "high", (1056, 1408)),
        ("gpt-5.4", 2048, 2048, "high", (1600, 1600)),
        ("claude-high", 3840, 2160, "high", (2576, 1449)),
        ("claude", 3840, 2160, "high", (1456, 819)),
        ("claude", 1075, 1520, "high", (924, 1307)),
        ("qwen2.5-vl", 1024, 1024, "high", (1036, 1036)),
        ("qwen2.5-vl", 3172, 4096, "high", (3136, 4060)),
    ],
)
def test_size_that_is_counted(
    name: str, width: int, height: int, detail: str, size: tuple[int, int]
) -> None:
    rule = rule_named(name)
    assert rule is not None
    assert rule.sees(width, height, detail) == size


@pytest.mark.parametrize(
    ("name", "width", "height", "detail", "accepted"),
    [
        ("gpt-5.6", 1425, 21637, "original", False),
        ("gpt-5.6", 6000, 6000, "original", False),
        ("gpt-5.6", 6000, 6000, "high", True),
        ("qwen2.5-vl", 2010, 10, "high", False),
        ("qwen2.5-vl", 2000, 10, "high", True),
        ("mistral-small-3.2", 10001, 10001, "high", False),
        ("mistral-small-3.2", 10000, 10000, "high", True),
    ],
)
def test_refusal_by_size(name: str, width: int, height: int, detail: str, accepted: bool) -> None:
    rule = rule_named(name)
    assert rule is not None
    assert rule.accepts(width, height, detail) is accepted


def test_base64_counts_characters_of_whole_groups() -> None:
    rule = rule_named("base64 as text")
    assert rule is not None
    assert [rule.cost(9, 9, "high", size) for size in (0, 1, 3, 4, 3000)] == [0, 1, 1, 2, 1000]
