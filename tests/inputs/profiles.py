"""ICC profiles, written by hand: Pillow makes none for print."""

import struct
from itertools import product


def profile(space: bytes, *tags: tuple[bytes, bytes]) -> bytes:
    """A profile of a colour space, with Lab behind it (ICC.1, sections 7.2 and 7.3)."""
    version, light = (2, 0x40, 0, 0), (63190, 65536, 54061)  # of D50
    fields = (b"test", *version, b"prtr", space, b"Lab ", b"acsp", *light)
    header = struct.pack(">4s4B4s4s4s12x4s28x3i", *fields).ljust(124, b"\0")
    start = 128 + 4 + 12 * len(tags)
    table, content = struct.pack(">I", len(tags)), b""
    for name, data in tags:
        table += struct.pack(">4sII", name, start + len(content), len(data))
        content += data.ljust(-(-len(data) // 4) * 4, b"\0")
    return struct.pack(">I", start + len(content)) + header + table + content


def cmyk() -> bytes:
    """A profile of four inks in which, as in no other, cyan is red."""
    identity = bytes(range(256))
    matrix = struct.pack(">9i", *(65536 if index % 4 == 0 else 0 for index in range(9)))
    colours = bytearray()
    for cyan, *others in product((0, 1), repeat=4):
        light = 255 - 30 * sum(others) - 100 * cyan
        colours += bytes([light, 128 + 80 * cyan, 128 + 60 * cyan])
    table = struct.pack(">4s4x4B", b"mft1", 4, 3, 2, 0) + matrix
    table += identity * 4 + bytes(colours) + identity * 3
    return profile(b"CMYK", (b"A2B0", table))


CMYK = cmyk()
GRAY = profile(b"GRAY")
LAB = profile(b"Lab ")
