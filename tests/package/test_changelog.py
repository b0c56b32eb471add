"""The changelog has the form of Keep a Changelog, and users find in it what is theirs."""

import re

from scripts.contract.loading import ROOT

_TEXT = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
_KINDS = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
_TOOLS = "The repository's own tools"


def test_every_version_is_told_by_kinds_of_changes() -> None:
    """A version has its number and date, or is the one to come; each kind stands there once."""
    first, *versions = re.split(r"^## ", _TEXT, flags=re.MULTILINE)
    assert first.startswith("# Changelog\n")
    assert versions
    for version in versions:
        title, *kinds = re.split(r"^### ", version, flags=re.MULTILINE)
        assert re.fullmatch(r"\[(Unreleased\]|\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d)\s*", title)
        names = [kind.partition("\n")[0] for kind in kinds]
        assert len(names) == len(set(names))
        assert set(names) <= {*_KINDS, _TOOLS}
        for kind in kinds:
            assert re.fullmatch(r"\n(- .+\n(  .+\n)*)+\n?", kind.partition("\n")[2])


def test_the_repositorys_own_tools_are_apart() -> None:
    """No line for users begins with a script that they do not have."""
    for kind in re.split(r"^### ", _TEXT, flags=re.MULTILINE)[1:]:
        if not kind.startswith(_TOOLS):
            assert re.findall(r"^- `scripts/.*", kind, re.MULTILINE) == []
