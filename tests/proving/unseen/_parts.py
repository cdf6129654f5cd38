"""How a defect is kept apart from the zoo, and what several of them need."""

from __future__ import annotations

import inspect
import io
import random
from collections.abc import Callable
from dataclasses import replace

from PIL import Image

from conformance.drawing import codes
from conformance.model import Json, Symptom
from conformance.reference.addresses import Loaded
from conformance.reference.conversation import Conversation, Item, Look, looks
from conformance.reference.endpoint import Endpoint
from conformance.reference.eyes.decode import open_picture
from conformance.reference.eyes.looking import SeenCode, Sight
from conformance.reference.fault import Fault, name_of
from conformance.wire.jsontext import at, items_at

#: Every defect of this folder by name, in order of file and definition.
FOUND: dict[str, Fault] = {}
SIGNATURES = {b"\x89PNG": "png", b"\xff\xd8\xff": "jpeg", b"GIF8": "gif", b"RIFF": "webp"}


def unseen(
    *caught_by: str, symptom: Symptom, where: tuple[str, ...] = ()
) -> Callable[[type[Endpoint]], type[Endpoint]]:
    """Makes a subclass of Endpoint a fault, as ``conformance.reference.fault.fault`` does.

    It is known here alone: what is to be found without having been looked at is no part of the zoo.
    """

    def keep(make: type[Endpoint]) -> type[Endpoint]:
        name = name_of(make)
        if name in FOUND:
            raise ValueError(f"there is another {name}")
        FOUND[name] = Fault(
            name=name,
            summary=" ".join((inspect.getdoc(make) or "").split()),
            caught_by=caught_by,
            symptom=symptom,
            also=(),
            where=where,
            make=make,
        )
        return make

    return keep


# ---------------------------------------------------------------- bytes


def format_of(data: bytes) -> str:
    """The format of bytes by how they begin; "" for none that is documented."""
    return next((kind for begin, kind in SIGNATURES.items() if data.startswith(begin)), "")


def as_png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    """An upright RGB image of the bytes; raises PictureError."""
    return open_picture(data)


def mode_of(data: bytes) -> str:
    """Pillow's name of the colour mode as it was sent, before anything is converted."""
    with Image.open(io.BytesIO(data)) as image:
        return image.mode


# ---------------------------------------------------------------- looks


class Lost(Exception):
    """A picture that goes missing on the way without a word."""


class LosesPictures(Endpoint):
    """Leaves some pictures out, by their bytes, or by how they came or are large."""

    def loses(self, loaded: Loaded, look: Look) -> bool:
        raise NotImplementedError

    async def look(self, loaded: Loaded, detail: str) -> Look:
        look = await super().look(loaded, detail)
        if self.loses(loaded, look):
            raise Lost
        return look

    async def take(self, part: Json, path: str) -> Item | None:
        try:
            return await super().take(part, path)
        except Lost:
            return None


class SeesOtherwise(Endpoint):
    """Sees something else than was sent in some pictures, and bills them as they were."""

    def otherwise(self, loaded: Loaded, look: Look) -> Image.Image | None:
        """What is seen in its place, RGB; None where all is as it should be."""
        raise NotImplementedError

    async def look(self, loaded: Loaded, detail: str) -> Look:
        look = await super().look(loaded, detail)
        image = self.otherwise(loaded, look)
        if image is None:
            return look
        seen = await super().look(replace(loaded, data=as_png(image)), detail)
        return replace(look, sight=seen.sight)


def invented(seed: str) -> str:
    """A code that nobody drew, always the same for the same seed."""
    return codes.draw(random.Random(f"invented {seed}"))


def made_up(seed: str) -> Sight:
    """What a model tells with confidence that has seen nothing."""
    return Sight(codes=(SeenCode(code=invented(seed), x=0.5, y=0.5, height=0.2),))


def pretended(look: Look) -> Look:
    """The picture with a code in it that it does not show."""
    return replace(look, sight=made_up(str(look.sight)))


# ---------------------------------------------------------------- requests


def words_of(conversation: Conversation) -> str:
    return "\n".join(said.words for said in conversation)


def has_looks(conversation: Conversation) -> bool:
    return bool(looks(conversation))


def is_offered(body: Json) -> bool:
    """True where tools may be called, and none must be."""
    return bool(items_at(body, "tools")) and at(body, "tool_choice") in (None, "auto")


def is_forced(body: Json) -> bool:
    """True where a tool must be called."""
    choice = at(body, "tool_choice")
    return bool(items_at(body, "tools")) and (isinstance(choice, dict) or choice == "required")
