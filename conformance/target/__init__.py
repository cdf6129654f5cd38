"""The target file (TOML), command-line overrides and the key from its variable."""

from conformance.target.file import Loaded, TargetError, api_key, default_output_limit, load

__all__ = ["Loaded", "TargetError", "api_key", "default_output_limit", "load"]
