"""The official library as a judge: what its users get from the very bytes that came back."""

ORDER = ("plain_replies", "tool_calls", "model_list", "streams", "errors")
