"""What is waited for on a terminal, and does not come."""

import pytest

from scripts.recording import tmux


def test_what_is_not_shown_in_time_ends_the_recording(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the screen as it is, so that one sees what came instead."""

    def answered(socket: str, *arguments: str) -> str:
        assert (socket, arguments[0]) == ("recording-1", "capture-pane")
        return "$ friendli-facade  \nno such command\n\n"

    monkeypatch.setattr(tmux, "tmux", answered)
    monkeypatch.setattr(tmux, "_PATIENCE", 0)
    with pytest.raises(tmux.NothingShownError) as caught:
        tmux.Terminal("recording-1").wait(lambda screen: screen.endswith("$"))
    assert str(caught.value) == "$ friendli-facade\nno such command"
