"""Does what an extra promises; run by another Python, in which that extra alone is installed."""

import asyncio
import base64
import io
import subprocess
import sys
import tempfile
from collections.abc import Callable, Generator
from contextlib import contextmanager, redirect_stderr
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import Any

import httpx

from friendli_facade import AsyncFriendli, SyncFriendli, batch

# One pixel.
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC"
)
BODY: Any = {"image": base64.b64encode(PICTURE).decode()}


@contextmanager
def client() -> Generator[SyncFriendli]:
    """A client whose every call is answered with one pixel."""
    transport = httpx.MockTransport(lambda request: httpx.Response(200, json=BODY))
    with httpx.Client(transport=transport) as http, SyncFriendli(http_client=http) as friendli:
        yield friendli


def drawn_in(folder: Path) -> Path:
    """The same folder, with a batch of three pictures in it."""
    jobs = [{"key": name, "prompt": name} for name in "abc"]
    with client() as friendli:
        method = friendli.container.image.generate
        with batch.run(method, jobs, directory=folder) as outcomes:
            assert [outcome.state for outcome in outcomes] == ["done"] * 3
    return folder


def images() -> None:
    """A picture of PIL's goes in, and one comes out."""
    from PIL import Image

    with client() as friendli:
        drawn = friendli.container.image.edit(image=Image.new("RGB", (8, 8)), prompt="p")
    assert drawn.images[0].to_pil().size == (1, 1)


def sandbox() -> None:
    """It draws, in process and on a port, and reads what it drew."""
    from friendli_facade.sandbox import Sandbox

    with Sandbox().serve() as server, SyncFriendli(server_url=server.url) as friendli:
        drawn = friendli.container.image.generate(prompt="a kite \u0642\u0637")
        assert friendli.container.image.edit(image=drawn.images[0].read(), prompt="p").image
    with SyncFriendli(http_client=Sandbox().http_client()) as friendli:
        assert friendli.container.image.generate(prompt="a kite").images[0].media_type


class Answer(BaseHTTPRequestHandler):
    """A server's answer to every call."""

    def do_POST(self) -> None:
        """One pixel."""
        self.rfile.read(int(self.headers["Content-Length"]))
        content = httpx.Response(200, json=BODY).content
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
        """Nothing."""


def aiohttp() -> None:
    """A call goes over a connection of aiohttp's."""
    from httpx_aiohttp import HttpxAiohttpClient

    async def call(url: str) -> None:
        http = HttpxAiohttpClient()
        async with http, AsyncFriendli(server_url=url, http_client=http) as friendli:
            drawn = await friendli.container.image.edit(image=PICTURE, prompt="p")
            assert drawn.images[0].read() == PICTURE

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            asyncio.run(call(f"http://127.0.0.1:{server.server_port}"))
        finally:
            server.shutdown()
            thread.join()


def export() -> bytes:
    """A small batch as a table in Parquet."""
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder, "ledger.parquet")
        with batch.Ledger(drawn_in(Path(folder))) as ledger:
            assert ledger.export(table) == 3
        return table.read_bytes()


def tables() -> None:
    """The table can be read."""
    parquet: Any = import_module("pyarrow.parquet")  # which has no types
    table = parquet.ParquetFile(io.BytesIO(export()), pre_buffer=False).read(use_threads=False)
    assert table["key"].to_pylist() == [*"abc"]


def gallery() -> None:
    """A page shows the pictures of a folder."""
    from friendli_facade import gallery

    with tempfile.TemporaryDirectory() as folder:
        page = gallery.write(drawn_in(Path(folder)))
        assert "b.png" in page.read_text(encoding="utf-8")


def command(*words: str) -> bytes:
    """What the command prints, and nothing else."""
    program = [sys.executable, "-W", "error", "-m", "friendli_facade", *words]
    done = subprocess.run(program, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b""), done.stderr.decode()
    return done.stdout


def cli() -> None:
    """A picture goes into a pipe; pictures, into a folder, a sheet and a gallery."""
    words = ("generate", "A kite", "--sandbox", "--steps", "1")
    assert command(*words, "-o", "-").startswith(b"\x89PNG")
    with tempfile.TemporaryDirectory() as folder:
        sheet = Path(folder, "sheet.png")
        command(*words, "--seeds", "1..2", "-o", f"{folder}/{{seed}}.png", "--sheet", str(sheet))
        assert sheet.is_file()
        assert command("gallery", folder).strip().endswith(b"index.html")


def otel() -> None:
    """A call is a span of whatever OpenTelemetry has been set up."""
    from friendli_facade.otel import FriendliInstrumentor  # isort: skip - the first to fail

    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    FriendliInstrumentor().instrument(tracer_provider=provider)
    with client() as friendli:
        friendli.container.image.generate(prompt="p")
    (span,) = exporter.get_finished_spans()
    assert span.name == "generate_content"


PROMISES: dict[str, Callable[[], None]] = {
    "aiohttp": aiohttp,
    "batch": tables,
    "cli": cli,
    "gallery": gallery,
    "images": images,
    "otel": otel,
    "sandbox": sandbox,
}


def to_pil() -> None:
    """A picture becomes one of PIL's."""
    with client() as friendli:
        friendli.container.image.generate(prompt="p").images[0].to_pil()


def ray() -> None:
    """A limit for a cluster."""
    from friendli_facade.ray import Limit

    Limit()


def commanded() -> None:
    """The command's help; what it lacks, it writes to stderr."""
    from friendli_facade.cli import main

    with redirect_stderr(io.StringIO()) as told:
        status = main(["--help"])
    if status == 1:
        raise ImportError(told.getvalue())


FEATURES: dict[str, Callable[[], object]] = {
    "batch": export,
    "cli": commanded,
    "gallery": gallery,
    "images": to_pil,
    "otel": otel,
    "ray": ray,
    "sandbox": sandbox,
}


def refusal(feature: Callable[[], object]) -> str:
    """What a feature says of what it lacks."""
    try:
        feature()
    except ImportError as error:
        return str(error)
    raise AssertionError("it lacks nothing")


def nothing() -> None:
    """Each feature whose extra is not there says which to install."""
    for extra, feature in FEATURES.items():
        told = refusal(feature)
        assert f"pip install 'friendli-facade[{extra}]'" in told, (extra, told)


if __name__ == "__main__":
    (extra,) = sys.argv[1:]
    PROMISES[extra]() if extra else nothing()
