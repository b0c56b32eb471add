"""What pyright's language server answers an editor."""

import json
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import attrs


@attrs.define
class LanguageServer:
    """A language server that has been told of one folder."""

    process: "subprocess.Popen[bytes]"
    folder: Path
    number: int = 0

    def hover(self, code: str) -> str:
        """What is shown over the last name of `code`."""
        found = self._at_end(code, "hover")
        return str(found["contents"]["value"])

    def definition(self, code: str) -> list[tuple[str, str]]:
        """Where the last name of `code` is defined: the file's name, and the line there."""
        found: list[tuple[str, str]] = []
        for place in self._at_end(code, "definition"):
            path = Path(str(place["uri"]).removeprefix("file://"))
            line: int = place["range"]["start"]["line"]
            found.append((path.name, path.read_text(encoding="utf-8").splitlines()[line].strip()))
        return found

    def _at_end(self, code: str, what: str) -> Any:
        self.number += 1
        uri = (self.folder / f"asked_{self.number}.py").as_uri()
        document = {"uri": uri, "languageId": "python", "version": 1, "text": code}
        self._send("textDocument/didOpen", {"textDocument": document})
        lines = code.splitlines()
        position = {"line": len(lines) - 1, "character": len(lines[-1]) - 1}
        return self.request(
            f"textDocument/{what}", {"textDocument": {"uri": uri}, "position": position}
        )

    def request(self, method: str, parameters: Any) -> Any:
        """The result of a request, after all that the server says before it."""
        self.number += 1
        number = self.number
        self._send(method, parameters, id=number)
        while True:
            message = self._receive()
            if message.get("id") == number and "method" not in message:
                return message["result"]
            if message.get("method") == "workspace/configuration":
                answers: list[Any] = [{} for _ in message["params"]["items"]]
                self._write({"jsonrpc": "2.0", "id": message["id"], "result": answers})
            elif "id" in message and "method" in message:
                self._write({"jsonrpc": "2.0", "id": message["id"], "result": None})

    def _send(self, method: str, parameters: Any, **further: Any) -> None:
        self._write({"jsonrpc": "2.0", "method": method, "params": parameters, **further})

    def _write(self, message: Any) -> None:
        assert self.process.stdin
        content = json.dumps(message).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(content), content))
        self.process.stdin.flush()

    def _receive(self) -> Any:
        assert self.process.stdout
        length = 0
        while line := self.process.stdout.readline().strip():
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        assert length, "the language server has gone"
        return json.loads(self.process.stdout.read(length))

    def initialize(self) -> None:
        """Tells it of the folder."""
        folder = {"uri": self.folder.as_uri(), "name": "user"}
        capabilities = {"textDocument": {"hover": {"contentFormat": ["plaintext"]}}}
        self.request(
            "initialize",
            {
                "processId": None,
                "rootUri": folder["uri"],
                "workspaceFolders": [folder],
                "capabilities": capabilities,
            },
        )
        self._send("initialized", {})


@contextmanager
def serving(folder: Path, python: Path) -> Generator[LanguageServer]:
    """A language server for a folder, whose packages are those of another environment."""
    settings = {"venvPath": str(python.parents[2]), "venv": python.parents[1].name}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    command = [sys.executable, "-m", "pyright.langserver", "--stdio"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            server = LanguageServer(process, folder)
            server.initialize()
            yield server
        finally:
            process.kill()
