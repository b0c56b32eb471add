"""Fetches upstream's document, and says where it is from."""

import hashlib
import re
from pathlib import Path
from time import monotonic

import attrs
import httpx

from scripts.contract.documents import ContractError

FRIENDLI = "https://raw.githubusercontent.com/friendliai/friendli-openapi/main/openapi.yaml"
_LARGEST = 32 * 2**20
_SECONDS = 30
_SECONDS_IN_ALL = 120
_RAW = re.compile(r"https://raw\.githubusercontent\.com/([^/]+/[^/]+)/(?:refs/heads/)?([^/]+)/(.+)")


@attrs.frozen
class Upstream:
    """The text of a document, and what is known of where it is from."""

    text: str
    source: str
    commit: str | None
    sha256: str


def fetch(source: str, commit: str | None = None) -> Upstream:
    """The document at a path or an http(s) URL; raises ContractError."""
    is_url = source.startswith(("http://", "https://"))
    name = _public(source) if is_url else source
    try:
        content = _download(source) if is_url else _read(Path(source))
        text = content.decode("utf-8-sig")
    except (OSError, ValueError, httpx.HTTPError, httpx.InvalidURL) as error:
        raise ContractError(f"{name}: cannot be read: {error}") from error
    if len(content) > _LARGEST:
        raise ContractError(f"{name}: is larger than {_LARGEST} bytes")
    if re.match(r"\s*<(!doctype|html)", text, re.IGNORECASE):
        raise ContractError(f"{name}: is a web page, not an OpenAPI document")
    sha256 = hashlib.sha256(content).hexdigest()
    if found := _RAW.fullmatch(name):
        repository, reference, path = found.groups()
        known = reference if re.fullmatch(r"[0-9a-f]{40}", reference) else None
        return Upstream(text, f"https://github.com/{repository} {path}", commit or known, sha256)
    # Where a file lay on somebody's disk is nobody else's business.
    return Upstream(text, name if is_url else Path(source).name, commit, sha256)


def _public(url: str) -> str:
    """A URL without what might be a secret in it."""
    return re.sub(r"//[^/@]*@", "//", url.partition("?")[0].partition("#")[0])


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_LARGEST + 1)


def _download(url: str) -> bytes:
    """The body of an answer, as it is on the wire: unpacked, a small one could be of any size."""
    begun, content = monotonic(), bytearray()
    headers = {"Accept-Encoding": "identity"}
    with httpx.stream(
        "GET", url, headers=headers, timeout=_SECONDS, follow_redirects=True
    ) as response:
        if response.status_code != 200:
            raise ValueError(f"the server answers {response.status_code}")
        encoding = response.headers.get("Content-Encoding", "identity")
        if encoding.strip().lower() != "identity":
            asked = "though it was asked for plain text: download it, and name the file"
            raise ValueError(f"the server answers in {encoding}, {asked}")
        for part in response.iter_raw():
            content += part
            if len(content) > _LARGEST:
                break
            if monotonic() - begun > _SECONDS_IN_ALL:
                raise ValueError(f"is not there after {_SECONDS_IN_ALL} seconds")
    return bytes(content)
