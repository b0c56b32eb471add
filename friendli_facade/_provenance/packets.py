"""XMP packets: what Adobe's, IPTC's and other programs read, and our document in one of its own.

XML is parsed by expat, which is told of no entity: a packet that declares any is refused.
"""

import re
from typing import NoReturn
from xml.parsers import expat
from xml.sax.saxutils import escape

from friendli_facade._provenance.documents import (
    MOST,
    NAMESPACE,
    Document,
    UnreadableError,
    is_ours,
)

MOST_OF_A_PACKET = 6 * MOST  # each character of a document may have become an entity
_MOST_ELEMENTS = 100_000
_NOTE = "http://ns.adobe.com/xmp/note/"

_PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
{}
<?xpacket end="r"?>"""
_META = """<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""{namespaces}>
{properties}
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>"""
_NAMESPACES = {
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "xmpNote": _NOTE,
    "friendliFacade": NAMESPACE,
}
# What XML 1.0 has no place for.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def packet(document: Document, text: bytes | None, **further: str) -> bytes:
    """The XMP of a picture, with the document's text if it is to be in this packet.

    `further` are properties of our own namespace, by their names, or `extension`, which tells
    where an extended packet is.
    """
    properties = {
        "xmp:CreatorTool": document.generator,
        "xmp:CreateDate": document.created_text,
        "Iptc4xmpExt:DigitalSourceType": document.digital_source_type,
    }
    if "extension" in further:
        properties["xmpNote:HasExtendedXMP"] = further.pop("extension")
    properties["friendliFacade:written"] = "whole"
    properties |= {f"friendliFacade:{name}": value for name, value in further.items()}
    if text is not None:
        properties["friendliFacade:provenance"] = text.decode()
    return _PACKET.format(_meta(properties)).encode()


def provenance(content: bytes) -> bytes | None:
    """The document's text in a packet; None where there is none; raises UnreadableError."""
    text = properties(content).get("provenance")
    return None if text is None else text.encode()


def extension(text: bytes) -> bytes:
    """An extended packet: XMP without the processing instructions around it."""
    return _meta({"friendliFacade:provenance": text.decode()}).encode()


def _meta(properties: dict[str, str]) -> str:
    used = {name.partition(":")[0] for name in properties}
    return _META.format(
        namespaces="".join(
            f'\n    xmlns:{prefix}="{uri}"' for prefix, uri in _NAMESPACES.items() if prefix in used
        ),
        properties="\n".join(
            f"   <{name}>{_escaped(value)}</{name}>" for name, value in properties.items()
        ),
    )


def _escaped(value: str) -> str:
    return escape(_FORBIDDEN.sub("\ufffd", value))


def properties(content: bytes) -> dict[str, str]:
    """The properties of our namespace in a packet, and `extension`, if it is one of ours.

    Raises UnreadableError.
    """
    if not is_ours(content):
        return {}
    if len(content) > MOST_OF_A_PACKET:
        raise UnreadableError(f"its XMP has {len(content)} bytes, more than {MOST_OF_A_PACKET}")
    return _Reader().read(content)


class _Reader:
    """Reads the properties of one packet, be they elements or attributes."""

    def __init__(self) -> None:
        self._found: dict[str, list[str]] = {}
        self._current: list[str] | None = None
        self._elements = 0

    def read(self, content: bytes) -> dict[str, str]:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._declared
        parser.StartElementHandler = self._started
        parser.EndElementHandler = self._ended
        parser.CharacterDataHandler = self._told
        try:
            parser.Parse(content, True)
        except expat.ExpatError as error:
            raise UnreadableError(f"its XMP is not XML ({error})") from None
        return {name: "".join(parts) for name, parts in self._found.items()}

    def _declared(self, *_: object) -> NoReturn:
        raise UnreadableError("its XMP declares a document type, which XMP does not have")

    def _started(self, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        if self._elements > _MOST_ELEMENTS:
            raise UnreadableError(f"its XMP has more than {_MOST_ELEMENTS} elements")
        self._current = self._property(name)
        for attribute, value in attributes.items():
            if (found := self._property(attribute)) is not None:
                found.append(value)

    def _ended(self, _: str) -> None:
        self._current = None

    def _told(self, text: str) -> None:
        if self._current is not None:
            self._current.append(text)

    def _property(self, name: str) -> list[str] | None:
        uri, _, local = name.rpartition(" ")
        if uri == NAMESPACE:
            return self._found.setdefault(local, [])
        is_note = (uri, local) == (_NOTE, "HasExtendedXMP")
        return self._found.setdefault("extension", []) if is_note else None
