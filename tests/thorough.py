"""How many examples a property draws: HYPOTHESIS_PROFILE=thorough draws many more."""

import os

from hypothesis import settings

PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "quick")


def examples(quick: int, thorough: int) -> int:
    """The number for this run."""
    return thorough if PROFILE == "thorough" else quick


def load_profile() -> None:
    """Settings of every property; those that name no number draw 20,000 in a thorough run."""
    settings.register_profile("quick", settings(), deadline=None)
    settings.register_profile("thorough", settings(), deadline=None, max_examples=20_000)
    settings.load_profile(PROFILE)
