"""Files that no endpoint should take for a picture, or that are no picture at all."""

from __future__ import annotations

from collections.abc import Iterator

TEXT = "This is a line of text and not a picture.\n"
HTML = "<!doctype html><html><head><title>Page</title></head><body><p>A page.</p></body></html>\n"


def svg(code: str) -> bytes:
    """A vector drawing that shows a code."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="512" height="320" viewBox="0 0 512 320">'
        '<rect width="512" height="320" fill="#ffffff"/>'
        '<text x="256" y="185" font-family="sans-serif" font-size="80" font-weight="bold" '
        f'letter-spacing="12" text-anchor="middle" fill="#101430">{code}</text></svg>\n'
    ).encode()


def pdf() -> bytes:
    """A valid document of one page with one line of text."""
    stream = b"BT /F1 36 Tf 72 400 Td (Not a picture) Tj ET"
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    out = b"%PDF-1.4\n"
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    return out + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (size, table, size, len(out))
    )


def truncated_png(whole: bytes) -> bytes:
    """A PNG that ends just after its first pixel data has begun."""
    return whole[: whole.index(b"IDAT") + 4 + 24]


def corrupt_png(whole: bytes) -> bytes:
    """A PNG of the right length whose pixel data is not what its checksums promise."""
    start = whole.index(b"IDAT") + 4
    end = whole.index(b"IEND") - 8
    return whole[:start] + bytes(byte ^ 0x5A for byte in whole[start:end]) + whole[end:]


def truncated_jpeg(whole: bytes) -> bytes:
    """A baseline JPEG that ends just after its scan has begun."""
    return whole[: _scan(whole) + 64]


def corrupt_jpeg(whole: bytes) -> bytes:
    """A JPEG whose Huffman tables promise more codes than there can be."""
    out = bytearray(whole)
    for kind, start, end in _segments(whole):
        if kind == 0xC4:
            out[start + 1 : start + 17] = b"\xff" * min(16, end - start - 1)
    return bytes(out)


def _scan(whole: bytes) -> int:
    """Where the entropy-coded data of a JPEG begins."""
    return next(end for kind, _, end in _segments(whole) if kind == 0xDA)


def _segments(whole: bytes) -> Iterator[tuple[int, int, int]]:
    """Marker, first and last offset of the contents of each segment up to the first scan."""
    at = 2
    while at + 4 <= len(whole):
        kind = whole[at + 1]
        end = at + 2 + int.from_bytes(whole[at + 2 : at + 4], "big")
        yield kind, at + 4, end
        if kind == 0xDA:
            return
        at = end
