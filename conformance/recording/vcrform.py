"""VCR's own form of a cassette: its YAML, and how it writes bodies."""

from __future__ import annotations

from typing import Any

import yaml
from vcr.serializers import compat, yamlserializer


def written(document: dict[str, Any]) -> str:
    return str(yamlserializer.serialize(document))


def read(text: str) -> Any:
    """The document of a text; raises ValueError."""
    try:
        return yamlserializer.deserialize(text)
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from None


def body(sent: bytes) -> Any:
    """A request's body as VCR keeps it: as text where it is text."""
    return compat.convert_body_to_unicode(sent)


def response(told: dict[str, Any]) -> Any:
    """A response as VCR keeps it."""
    return compat.convert_to_unicode(told)
