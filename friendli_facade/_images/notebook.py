"""What a notebook shows: HTML that needs no other file and no server, of a few megabytes at most.

Any text in it may be a stranger's. Styles stand at the elements, for others are lost where a
notebook is shown elsewhere.
"""

import binascii
import html
import io
from collections.abc import Callable, Iterable, Sequence

import attrs

from friendli_facade._error_answers.printing import shortened
from friendli_facade._images import media_types
from friendli_facade._images.opening import opened
from friendli_facade._rules.violations import printable, reason

# What the frontends of Jupyter choose from, by media type; IPython adds the repr.
Bundle = dict[str, str]

MOST = 60  # pictures that are shown
_FEW = 8
_LARGEST_PAGE = 8 * 1024 * 1024  # bytes
_SHOWN = frozenset({"image/png", "image/jpeg", "image/webp", "image/gif", "image/avif"})
# Notebooks take what is between two dollars for a formula, unless it has MathJax's own classes.
_TEXT = 'class="tex2jax_ignore mathjax_ignore"'
_GRID = "display:flex;flex-wrap:wrap;gap:1em;align-items:flex-start"
_CELL = "text-align:left;vertical-align:top;overflow-wrap:anywhere"


@attrs.frozen
class _Size:
    """How many bytes a picture may have, the pixels of a smaller copy, and the page's for it."""

    most: int
    side: int
    width: int


_ONE = _Size(_LARGEST_PAGE // _FEW, 1024, 1024)
_OF_FEW = _Size(_LARGEST_PAGE // _FEW, 1024, 320)
_OF_MANY = _Size(_LARGEST_PAGE // MOST, 256, 256)


class NotShownError(Exception):
    """Why a picture is not shown, in words."""


@attrs.frozen
class Figure:
    """A picture in a notebook: what gives its bytes and its prompt, and its seed.

    What is raised by them is told in the picture's place.
    """

    content: Callable[[], bytes]
    prompt: Callable[[], object]
    seed: int | None


def of_pictures(figures: Sequence[Figure]) -> Bundle:
    """Pictures side by side, each with prompt, seed and size under it."""
    shown = figures[:MOST]
    size = _ONE if len(shown) == 1 else _OF_FEW if len(shown) <= _FEW else _OF_MANY
    parts = [_figure(one, size) for one in shown]
    more = f"<p>and {len(figures) - MOST} more</p>" if len(figures) > MOST else ""
    return {"text/html": f'<div {_TEXT} style="{_GRID}">{"".join(parts)}</div>{more}'}


def of_rows(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Bundle:
    """A table."""
    lines = [_row("th", head), *(_row("td", row) for row in rows)]
    return {"text/html": f"<table {_TEXT}>{''.join(lines)}</table>"}


def _row(tag: str, cells: Sequence[str]) -> str:
    parts = (f'<{tag} style="{_CELL}">{_text(cell)}</{tag}>' for cell in cells)
    return f"<tr>{''.join(parts)}</tr>"


def _text(text: str) -> str:
    """A text as HTML shows it: a part of it, on one line, turned in no direction."""
    return html.escape(printable(shortened(" ".join(text.split()))))


def _figure(figure: Figure, size: _Size) -> str:
    words = [] if figure.seed is None else [f"seed {str(figure.seed)[:40]}"]
    prompt = ""
    try:
        prompt = _text(str(figure.prompt() or ""))
        content = figure.content()
        words.append(_facts(content))
        media_type, shown = _shown(content, size)
        data = binascii.b2a_base64(shown, newline=False).decode("ascii")
        picture = (
            f'<img src="data:{media_type};base64,{data}" alt="{prompt}" style="max-width:100%">'
        )
    except NotShownError as error:
        picture = f"<p>{_text(str(error))}</p>"
    except Exception as error:  # a notebook would show its traceback in place of all pictures
        picture = f"<p>{_text(f'This picture is not shown: {reason(error)}')}</p>"
    caption = "<br>".join(filter(None, (prompt, _text(", ".join(words)))))
    style = f"margin:0;max-width:{size.width}px;overflow-wrap:anywhere"
    return (
        f'<figure style="{style}">{picture}<figcaption dir="auto">{caption}</figcaption></figure>'
    )


def _facts(content: bytes) -> str:
    length = len(content)
    told = f"{length / 1e6:.1f} MB" if length >= 1e6 else f"{max(1, round(length / 1e3))} kB"
    try:
        with opened(content) as image:
            return f"{image.width} by {image.height}, {told}"
    except Exception:  # there may be no Pillow, and it may not know the kind
        return told


def _shown(content: bytes, size: _Size) -> tuple[str, bytes]:
    """A picture as a browser shows it: itself, or smaller; raises NotShownError."""
    media_type = media_types.media_type(content[: media_types.HEAD])
    if media_type in _SHOWN and len(content) <= size.most:
        return media_type, content
    try:
        image = opened(content)
    except ImportError:
        why = "is too large" if media_type in _SHOWN else "is of a kind that browsers do not show"
        install = "Pillow makes a small copy: pip install 'friendli-facade[images]'"
        raise NotShownError(f"This picture {why}. {install}") from None
    with image:
        image.thumbnail((size.side, size.side))
        small = io.BytesIO()
        kind = "RGBA" if image.has_transparency_data else "RGB"
        image.convert(kind).save(small, "WEBP", quality=80)
    return "image/webp", small.getvalue()
