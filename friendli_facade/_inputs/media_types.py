"""What kind of picture some bytes are, told by how they begin."""

import re

HEAD = 32  # bytes that suffice to tell

_KINDS = [
    (media_type, suffix, re.compile(beginning, re.DOTALL))
    for media_type, suffix, beginning in (
        ("image/png", ".png", rb"\x89PNG\r\n\x1a\n"),
        ("image/jpeg", ".jpg", rb"\xff\xd8\xff"),
        ("image/webp", ".webp", rb"RIFF.{4}WEBP"),
        ("image/gif", ".gif", rb"GIF8[79]a"),
        ("image/avif", ".avif", rb".{4}ftypavi[fs]"),
        ("image/heic", ".heic", rb".{4}ftyp(?:hei[cmsx]|hev[cmsx]|mif1|msf1)"),
        ("image/bmp", ".bmp", rb"BM.{4}\x00{4}"),
        ("image/tiff", ".tiff", rb"(?:II[*+]\x00|MM\x00[*+])"),
        ("image/jxl", ".jxl", rb"(?:\xff\x0a|\x00\x00\x00\x0cJXL )"),
        ("image/jp2", ".jp2", rb"\x00\x00\x00\x0cjP  "),
    )
]
_SUFFIXES = {media_type: suffix for media_type, suffix, _ in _KINDS}


def media_type(head: bytes) -> str | None:
    """The media type of a picture that begins with `head`; None if it is none we know."""
    return next((name for name, _, beginning in _KINDS if beginning.match(head)), None)


def suffix(name: str | None) -> str:
    """The usual file suffix of a media type, `.bin` where there is none."""
    return _SUFFIXES.get(name or "", ".bin")
