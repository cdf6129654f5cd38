"""Pictures written into the request as data URLs: formats, sizes, syntax, what is no picture."""

ORDER = (
    "plain",
    "formats",
    "sizes",
    "weights",
    "more_than_print",
    "spellings",
    "bytes_and_types",
    "transparency",
)
