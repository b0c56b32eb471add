"""What is wrong with a built site is found."""

from pathlib import Path

import pytest

from scripts.website import findings


@pytest.mark.parametrize(
    "html",
    [
        '<script src="https://example.com/x.js"></script>',
        '<img src="//example.com/x.png">',
        '<img srcset="x.png 1x, https://example.com/x.png 2x">',
        '<link rel="stylesheet" href="https://example.com/x.css">',
        '<link rel="preconnect" href="https://example.com">',
        '<video poster="https://example.com/x.png"></video>',
        '<svg><use xlink:href="https://example.com/x.svg#y"/></svg>',
        '<p style="background: url(https://example.com/x.png)">x</p>',
        "<style>@import 'https://example.com/x.css';</style>",
        "<style>p { background: url('https://example.com/x.png') }</style>",
    ],
)
def test_what_a_page_loads_from_another_host_is_found(tmp_path: Path, html: str) -> None:
    """Scripts, pictures, styles, fonts: whatever a browser fetches by itself."""
    (tmp_path / "x.png").touch()
    (tmp_path / "page.html").write_text(html, encoding="utf-8")
    (line,) = findings.external(tmp_path)
    assert line.startswith("page.html loads ")
    assert "//example.com" in line


def test_what_a_style_sheet_loads_from_another_host_is_found(tmp_path: Path) -> None:
    """A font, say."""
    style = "@font-face { src: url(https://example.com/x.woff2) }"
    (tmp_path / "x.css").write_text(style, encoding="utf-8")
    assert findings.external(tmp_path) == ["x.css loads https://example.com/x.woff2"]


def test_a_link_is_not_loaded(tmp_path: Path) -> None:
    """A reader may follow it, and a data URL is no request."""
    html = '<a href="https://example.com">there</a><img src="data:image/png;base64,AA==">'
    (tmp_path / "page.html").write_text(html, encoding="utf-8")
    assert findings.external(tmp_path) == findings.missing(tmp_path) == []


@pytest.mark.parametrize(
    "html",
    ['<img src="x.png">', '<a href="x.html#y">x</a>', '<link rel="stylesheet" href="/x.css">'],
)
def test_what_is_not_there_is_found(tmp_path: Path, html: str) -> None:
    """Pictures too, which Zensical's strict build lets through."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "page.html").write_text(html, encoding="utf-8")
    assert len(findings.missing(tmp_path)) == 1
    for name in ("folder/x.png", "folder/x.html", "x.css"):
        (tmp_path / name).touch()
    assert findings.missing(tmp_path) == []
