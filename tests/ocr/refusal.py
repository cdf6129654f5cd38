"""What is refused, as the error object of the API."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(eq=False)
class Refusal(Exception):
    """A request that is not answered. ``param`` is the path of the member that is wrong."""

    message: str
    param: str | None = None
    code: str | None = None
    status: int = 400
    type: str = "invalid_request_error"

    def body(self) -> dict[str, object]:
        """The error object: all four members, which clients rely on."""
        error = {
            "message": self.message,
            "type": self.type,
            "param": self.param,
            "code": self.code,
        }
        return {"error": error}


def wrong_type(path: str, wanted: str, value: object) -> Refusal:
    """A value of another JSON type than the documented one."""
    names = {dict: "object", list: "array", str: "string", bool: "boolean", type(None): "null"}
    got = names.get(type(value), "number")
    message = f"Invalid type for '{path}': expected {wanted}, but got {got} instead."
    return Refusal(message, path, "invalid_type")


def wrong_value(path: str, wanted: str) -> Refusal:
    """A value of the right type that is not allowed."""
    return Refusal(f"Invalid value for '{path}': {wanted}.", path, "invalid_value")


def missing(path: str) -> Refusal:
    """A required member that is not there."""
    message = f"Missing required parameter: '{path}'."
    return Refusal(message, path, "missing_required_parameter")
