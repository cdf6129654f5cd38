"""What stands where a picture goes: the address that is sent, and the short name that is kept."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace

import pytest

from conformance.model import Hosted, ImagePart, Inline, Payload, Picture, Verbatim
from conformance.wire.address import data_url, symbolic

# 100 bytes: needs padding, has both letters that the URL-safe alphabet writes differently.
DATA = b"\xfb\xff\xfe" + bytes(range(97))
PICTURE = Picture(
    id="p1",
    file_bytes=DATA,
    sha256=hashlib.sha256(DATA).hexdigest(),
    file="p1.png",
    media_type="image/png",
)
TEXT = base64.b64encode(DATA).decode()


@pytest.mark.parametrize(
    ("via", "wanted"),
    [
        (Inline(), f"data:image/png;base64,{TEXT}"),
        (Inline(media_type="image/jpg"), f"data:image/jpg;base64,{TEXT}"),
        (Inline(media_type=""), f"data:;base64,{TEXT}"),
        (Inline(scheme="DATA:"), f"DATA:image/png;base64,{TEXT}"),
        (Inline(scheme=""), f"image/png;base64,{TEXT}"),
        (Inline(parameters=";charset=utf-8"), f"data:image/png;charset=utf-8;base64,{TEXT}"),
        (Inline(marker=";BASE64"), f"data:image/png;BASE64,{TEXT}"),
        (Inline(marker=""), f"data:image/png,{TEXT}"),
        (Inline(comma=""), f"data:image/png;base64{TEXT}"),
        (Inline(payload=Payload.EMPTY), "data:image/png;base64,"),
        (Inline(payload=Payload.UNPADDED), f"data:image/png;base64,{TEXT.rstrip('=')}"),
        (
            Inline(payload=Payload.WRAPPED),
            f"data:image/png;base64,{TEXT[:76]}\r\n{TEXT[76:]}",
        ),
        (
            Inline(payload=Payload.URL_SAFE),
            "data:image/png;base64," + TEXT.replace("+", "-").replace("/", "_"),
        ),
    ],
    ids=str,
)
def test_the_data_url_byte_for_byte(via: Inline, wanted: str) -> None:
    assert data_url(PICTURE, via) == wanted


def test_the_example_tells_the_payloads_apart() -> None:
    payloads = {data_url(PICTURE, Inline(payload=payload)) for payload in Payload}
    assert len(payloads) == len(Payload)
    assert TEXT.endswith("=")
    assert {"+", "/"} <= set(TEXT)


def test_a_garbled_payload_is_no_base64_in_any_alphabet() -> None:
    payload = data_url(PICTURE, Inline(payload=Payload.GARBLED)).partition(",")[2]
    assert payload.startswith("!!!%")
    assert not set("!%") & set(TEXT)


def test_the_short_name_of_an_inline_picture() -> None:
    part = ImagePart(picture=PICTURE, via=Inline())
    assert symbolic(part) == f"data:image/png;base64,{{{{sha256:{PICTURE.sha256}:p1}}}}"


@pytest.mark.parametrize("payload", [p for p in Payload if p is not Payload.PADDED])
def test_the_short_name_tells_the_payload(payload: Payload) -> None:
    part = ImagePart(picture=PICTURE, via=Inline(payload=payload))
    assert symbolic(part).endswith(f":p1:{payload}}}}}")


def test_the_short_name_of_a_hosted_picture_is_stable() -> None:
    """Committed cassettes hold this text: if it changes, every one must be recorded again."""
    part = ImagePart(picture=PICTURE, via=Hosted(path="a b/picture.png", query="x=1"))
    assert symbolic(part) == "{{picture-host}}/p1.cef7020c/a b/picture.png?x=1"


@pytest.mark.parametrize(
    "changes",
    [
        {"status": 404},
        {"redirects": (302,)},
        {"redirects": (301,)},
        {"loop": True},
        {"content_type": ""},
        {"content_type": "text/html"},
        {"chunked": True},
        {"first_byte": 1.0},
        {"drip": 1.0},
        {"head_refused": True},
        {"instead": "html"},
        {"reset": True},
        {"refused": True},
        {"bare": True},
    ],
    ids=str,
)
def test_every_behaviour_has_a_name_of_its_own(changes: dict[str, object]) -> None:
    plain = ImagePart(picture=PICTURE, via=Hosted())
    bent = ImagePart(picture=PICTURE, via=Hosted(**changes))
    assert symbolic(bent) != symbolic(plain)
    assert symbolic(bent) == symbolic(ImagePart(picture=PICTURE, via=Hosted(**changes)))


def test_other_bytes_have_another_name() -> None:
    other = replace(PICTURE, sha256=hashlib.sha256(b"other").hexdigest())
    for via in (Inline(), Hosted()):
        one, two = (symbolic(ImagePart(picture=p, via=via)) for p in (PICTURE, other))
        assert one != two


@pytest.mark.parametrize("text", ["null", "[]", '{"url":7}', '"plain"'])
def test_a_verbatim_value_stands_as_it_is(text: str) -> None:
    value = symbolic(ImagePart(picture=None, via=Verbatim(json=text)))
    assert value == {"null": None, "[]": [], '{"url":7}': {"url": 7}, '"plain"': "plain"}[text]


@pytest.mark.parametrize("via", [Inline(), Hosted()], ids=["inline", "hosted"])
def test_a_part_without_its_picture_is_our_mistake(via: Inline | Hosted) -> None:
    with pytest.raises(ValueError, match="needs a picture"):
        symbolic(ImagePart(picture=None, via=via))
