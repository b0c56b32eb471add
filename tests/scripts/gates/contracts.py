"""The merged contract, and changed copies of it."""

import copy
from collections.abc import Callable
from typing import Any

from scripts.contract import canonical_form, loading
from scripts.contract.documents import Json
from scripts.contract.loading import ROOT

Change = Callable[[Any], object]
_MERGED = loading.load(ROOT)


def merged() -> Json:
    """The project's contract, free to be changed."""
    return copy.deepcopy(_MERGED)


def changed(change: Change) -> Json:
    """The contract after a change to dedicatedImagesGenerate's body schema."""
    document = merged()
    change(document["components"]["schemas"]["DedicatedImageGenerationBody"])
    return canonical_form.of(document)
