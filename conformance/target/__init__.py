"""The target file (TOML), command-line overrides and the key from its variable."""

from conformance.target.environment import api_key
from conformance.target.file import Loaded, load
from conformance.target.members import default_output_limit
from conformance.target.terms import TargetError

__all__ = ["Loaded", "TargetError", "api_key", "default_output_limit", "load"]
