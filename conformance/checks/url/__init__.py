"""Pictures given by http URL, served by the suite's own picture host, which logs every fetch."""

ORDER = (
    "plain",
    "formats",
    "paths",
    "redirects",
    "unusual_hosts",
    "downloads_that_fail",
    "silent_host",
    "heavy_pictures",
    "same_as_data_url",
    "malformed_urls",
    "fetches",
)
