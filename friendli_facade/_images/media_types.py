"""What kind of picture some bytes are, told by how they begin."""

import re

import attrs

# Bytes that suffice to tell: as many as a browser looks at (MIME Sniffing, section 5.2).
HEAD = 1445

_BINARY = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")  # section 3, binary data byte
_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xfe\xff", b"\xff\xfe")


def _compiled(pattern: bytes) -> re.Pattern[bytes]:
    return re.compile(pattern, re.DOTALL)


@attrs.frozen
class Kind:
    """A kind of picture: its file suffixes, the usual one first, and Pillow's name for it."""

    media_type: str
    suffixes: tuple[str, ...]
    pillow: str
    beginning: re.Pattern[bytes] = attrs.field(converter=_compiled)


KINDS = (
    Kind("image/png", (".png",), "PNG", rb"\x89PNG\r\n\x1a\n"),
    Kind("image/jpeg", (".jpg", ".jpeg", ".jpe", ".jfif"), "JPEG", rb"\xff\xd8\xff"),
    Kind("image/webp", (".webp",), "WEBP", rb"RIFF.{4}WEBP"),
    Kind("image/gif", (".gif",), "GIF", rb"GIF8[79]a"),
    Kind("image/avif", (".avif",), "AVIF", rb".{4}ftypavi[fs]"),
    Kind(
        *("image/heic", (".heic", ".heif"), "HEIF"),
        rb".{4}ftyp(?:hei[cmsx]|hev[cmsx]|mif1|msf1)",
    ),
    Kind("image/bmp", (".bmp", ".dib"), "BMP", rb"BM.{4}\x00{4}"),
    Kind("image/tiff", (".tiff", ".tif"), "TIFF", rb"(?:II[*+]\x00|MM\x00[*+])"),
    Kind("image/jxl", (".jxl",), "JXL", rb"(?:\xff\x0a|\x00\x00\x00\x0cJXL )"),
    Kind("image/jp2", (".jp2",), "JPEG2000", rb"\x00\x00\x00\x0cjP  "),
)


def kind(head: bytes) -> Kind | None:
    """The kind of a picture that begins with `head`; None if it is none we know."""
    return next((one for one in KINDS if one.beginning.match(head)), None)


def media_type(head: bytes) -> str | None:
    """The media type of a picture that begins with `head`; None if it is none we know."""
    found = kind(head)
    return found.media_type if found else None


def of_suffix(suffix: str) -> Kind | None:
    """The kind of a picture by its file's suffix; None if it is none we know."""
    return next((one for one in KINDS if suffix.lower() in one.suffixes), None)


def may_be_picture(head: bytes) -> bool:
    """Whether it is of a kind we know, or of one that we do not know yet, and no text."""
    return bool(kind(head) or (_BINARY.search(head) and not head.startswith(_BYTE_ORDER_MARKS)))
