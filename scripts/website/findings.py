"""What is wrong with a built site: what its pages load from another host, and what is not there."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

# What a browser fetches by itself; of what it leaves alone until somebody clicks, only `a` is here.
_LOADED = frozenset({"src", "srcset", "poster", "data", "background"})
_STYLE_URL = re.compile(r"""url\(\s*["']?([^"')]+)|@import\s+["']([^"']+)""")


class _Page(HTMLParser):
    """The references of a page: those that are loaded, and those that a reader may follow."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.linked: list[str] = []
        self._is_style = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._is_style = tag == "style"
        for name, value in attrs:
            if not value:
                continue
            if name in _LOADED or (name in {"href", "xlink:href"} and tag != "a"):
                parts = value.split(",") if name == "srcset" else [value]
                self.loaded += [part.split()[0] for part in parts if part.strip()]
            elif name == "href":
                self.linked.append(value)
            elif name == "style":
                self.loaded += _of_style(value)

    def handle_data(self, data: str) -> None:
        if self._is_style:
            self.loaded += _of_style(data)


def external(site: Path) -> list[str]:
    """What pages and style sheets load from another host: one line each, empty as it should be."""
    return [
        f"{file.relative_to(site)} loads {url}"
        for file, urls in [*_loaded_by_pages(site), *_loaded_by_styles(site)]
        for url in urls
        if urlsplit(url).netloc
    ]


def missing(site: Path) -> list[str]:
    """What pages and style sheets load or link to, and what the site does not have."""
    links = ((file, _Page(file.read_text("utf-8")).linked) for file in _pages(site))
    return [
        f"{file.relative_to(site)} leads to {url}"
        for file, urls in [*_loaded_by_pages(site), *_loaded_by_styles(site), *links]
        for url in urls
        if not _is_there(site, file, url)
    ]


def _is_there(site: Path, file: Path, url: str) -> bool:
    parts = urlsplit(url)
    if parts.scheme or parts.netloc or not parts.path:
        return True
    base = site if parts.path.startswith("/") else file.parent
    return (base / unquote(parts.path).lstrip("/")).exists()


def _pages(site: Path) -> list[Path]:
    return sorted(site.rglob("*.html"))


def _loaded_by_pages(site: Path) -> Iterator[tuple[Path, list[str]]]:
    for file in _pages(site):
        yield file, _Page(file.read_text("utf-8")).loaded


def _loaded_by_styles(site: Path) -> Iterator[tuple[Path, list[str]]]:
    for file in sorted(site.rglob("*.css")):
        yield file, _of_style(file.read_text("utf-8"))


def _of_style(text: str) -> list[str]:
    return [one or other for one, other in _STYLE_URL.findall(text)]
