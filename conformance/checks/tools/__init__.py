"""Tools and structured output beside a picture."""

ORDER = ("forced_calls", "offered_tools", "json_replies")
