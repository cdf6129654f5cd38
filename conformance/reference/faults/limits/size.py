"""Faults with pictures that are large or long."""

from __future__ import annotations

from conformance.model import Json, Symptom
from conformance.reference.addresses import Loaded
from conformance.reference.conversation import Item, Look
from conformance.reference.endpoint import Endpoint
from conformance.reference.fault import fault
from conformance.reference.faults._parts import broken
from conformance.reference.faults.limits._measures import MEGA, slimness

LARGE = "limits/large-picture-is-read-or-refused"
LONG = "limits/long-picture-is-answered-or-refused"


@fault(LARGE, symptom=Symptom.NOT_READ, where=("size",))
class LosesPicturesBeyond8000(Endpoint):
    """Leaves out pictures of more than 8000 pixels a side, and says nothing."""

    async def take(self, part: Json, path: str) -> Item | None:
        item = await super().take(part, path)
        lost = isinstance(item, Look) and max(item.width, item.height) > 8000
        return None if lost else item


class _Breaks(Endpoint):
    """Breaks on some pictures."""

    def verify(self, look: Look) -> None:
        raise NotImplementedError

    async def look(self, loaded: Loaded, detail: str) -> Look:
        look = await super().look(loaded, detail)
        self.verify(look)
        return look


@fault(LARGE, symptom=Symptom.REFUSAL_BREAKS)
class BreaksBeyond40Megapixels(_Breaks):
    """Shrinks a picture only after it has run out of memory for it: 500."""

    def verify(self, look: Look) -> None:
        if look.width * look.height > 40 * MEGA:
            raise broken("CUDA out of memory. Tried to allocate 2.00 GiB.")


@fault(LONG, symptom=Symptom.REFUSAL_BREAKS, where=("size",))
class BreaksOnLongPictures(_Breaks):
    """Lets the error of its processor through for a picture 200 times as long as wide: 500."""

    def verify(self, look: Look) -> None:
        if slimness(look) >= 200:
            raise broken("ValueError: absolute aspect ratio must be smaller than 200")
