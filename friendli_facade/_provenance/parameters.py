"""The text that today's viewers of generated pictures read: the form of Stable Diffusion's web UI.

The prompt comes first, then a line of names and values. Whoever reads it takes the last line with
three values or more, so there are always as many.
"""

import json
import re

from friendli_facade._provenance.documents import Document

# What PNG has no place for in a text, or a terminal would obey; a line break stays.
_UNPRINTED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_NAMES = {"num_inference_steps": "Steps", "guidance_scale": "CFG scale"}


def parameters(document: Document, width: int, height: int) -> str:
    """The text for a picture of that size."""
    body = document.request.body
    values = {shown: body[name] for name, shown in _NAMES.items() if body.get(name) is not None}
    values |= {"Seed": document.seed, "Size": f"{width}x{height}", "Model": document.model}
    values |= {"Version": document.generator, "Operation": document.request.operation}
    line = ", ".join(f"{name}: {_quoted(v)}" for name, v in values.items() if v is not None)
    return _UNPRINTED.sub(_escaped, f"{body.get('prompt', '')}\n{line}".replace("\r\n", "\n"))


def _quoted(value: object) -> str:
    text = str(value)
    return json.dumps(text, ensure_ascii=False) if re.search('[,:\n"]', text) else text


def _escaped(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode()
