"""Takes the body of an answer as it comes: decoded, counted, and kept as far as there is room."""

import io
import zlib
from collections.abc import Generator
from typing import BinaryIO, Protocol

import attrs
import httpx

from friendli_facade._delivery import unpacking
from friendli_facade._delivery.unpacking import Unpacker
from friendli_facade._images.media_types import HEAD
from friendli_facade.errors import Answer, InvalidResponseError, of_status

_MOST_OF_AN_ERROR = 1024 * 1024  # bytes that are read of what is no result


class Receiver(Protocol):
    """Takes a body piece by piece."""

    limit: int
    size: int
    is_cut: bool
    announced: int  # bytes that are said to come, which may be wrong; 0 where nobody says

    def restart(self) -> None:
        """Forgets what came before."""
        ...

    def add(self, piece: bytes) -> bool:
        """Whether there is room for more after this piece."""
        ...

    async def aadd(self, piece: bytes) -> bool:
        """The same as `add`, on an event loop."""
        ...

    def content(self) -> bytes:
        """All of it, as far as it was kept."""
        ...


@attrs.define
class Body:
    """A body that comes in pieces and is kept in a file, up to a limit."""

    limit: int
    file: BinaryIO = attrs.field(factory=io.BytesIO)
    size: int = 0
    is_cut: bool = False
    announced: int = 0
    head: bytes = b""  # how it begins

    def restart(self) -> None:
        """Forgets what came before."""
        self.size, self.is_cut, self.head = 0, False, b""

    def add(self, piece: bytes) -> bool:
        """Whether there is room for more after this piece, of which no more is kept than fits."""
        room = self.limit - self.size
        self.is_cut = self.is_cut or len(piece) > room
        piece = piece[:room] if self.is_cut else piece
        self.head += piece[: HEAD - len(self.head)]
        if not self.size:
            self.file.seek(0)
            self.file.truncate()
        self.file.write(piece)
        self.size += len(piece)
        return not self.is_cut

    async def aadd(self, piece: bytes) -> bool:
        """The same as `add`; a file on disk is written in a thread."""
        if isinstance(self.file, io.BytesIO):
            return self.add(piece)
        import anyio

        from friendli_facade._language import threads

        # Who cancels is heard while the next piece is awaited: httpx's generators end then, and
        # trio warns of those that are left before their end.
        with anyio.CancelScope(shield=True):
            await threads.run(self.add, piece)
        return not self.is_cut

    def content(self) -> bytes:
        """All of it."""
        self.file.seek(0)
        return self.file.read(self.size)


class Incoming:
    """An answer whose body is on its way: into a receiver, if it is one to keep there.

    Of a redirect or an error no more than a megabyte is taken, and apart. What comes packed is
    kept as it came too, for the case that it cannot be unpacked.
    """

    def __init__(self, response: httpx.Response, receiver: Receiver) -> None:
        self._response = response
        self.status_code = response.status_code
        self.is_success = response.status_code < 300
        most = receiver.limit if self.is_success else min(receiver.limit, _MOST_OF_AN_ERROR)
        self.receiver: Receiver = receiver if self.is_success else Body(most)
        self._packed = Body(most)
        names = response.headers.get_list("Content-Encoding", split_commas=True)
        codings = [name for name in map(str.lower, names) if name not in {"", "identity"}]
        length = response.headers.get("Content-Length", "")
        if not codings and length.isdecimal():
            self.receiver.announced = int(length[:18])
        # A hook of the caller's may have read it, and then httpx has unpacked what it knows.
        if response.is_stream_consumed and codings in (["gzip"], ["deflate"]):
            codings = []
        # One layer of these makes a thousand bytes of one; two make a million, and so may Brotli.
        is_known = not codings or (len(codings) == 1 and codings[0] in unpacking.CODINGS)
        self._unpacker = Unpacker(codings[0]) if codings and is_known else None
        self._coding = ", ".join(codings)
        self._problem = "" if is_known else f"its coding is {self._coding}, which nobody asked for"

    @property
    def is_full(self) -> bool:
        """Whether more came than there is room for."""
        return self.receiver.is_cut

    def add(self, piece: bytes) -> bool:
        """Whether there is room for more after this piece of the wire."""
        for part in self._unpacked(piece):
            if not self.receiver.add(part):
                break
        return not self.is_full

    async def aadd(self, piece: bytes) -> bool:
        """The same as `add`, on an event loop."""
        for part in self._unpacked(piece):
            if not await self.receiver.aadd(part):
                break
        return not self.is_full

    def _unpacked(self, piece: bytes) -> Generator[bytes]:
        if self._unpacker is None:
            yield piece
        elif not self._packed.add(piece):
            self.receiver.is_cut = True  # though what it unpacks to might fit
        elif piece:
            try:
                yield from self._unpacker.pieces(piece)
            except zlib.error as error:
                self._problem = f"its coding is said to be {self._coding}, and is not ({error})"

    def answer(self) -> Answer:
        """What was answered; raises the SDKError of a success that cannot be unpacked.

        The body of a success is left to the receiver.
        """
        unpacker = self._unpacker
        if unpacker and self._packed.size and not unpacker.is_done and not self.is_full:
            self._problem = self._problem or f"its {self._coding} ends too early"
        if self.is_success and not self._problem:
            return Answer.of(self._response, b"")
        is_packed = unpacker and self._problem and (self.is_success or not self.receiver.size)
        kept = self._packed if is_packed else self.receiver
        answer = Answer.of(self._response, kept.content())
        if not self.is_success:
            return answer
        is_result = answer.status_code == 200
        raise InvalidResponseError(answer, self._problem) if is_result else of_status(answer)
