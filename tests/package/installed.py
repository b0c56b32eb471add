"""The wheel in an environment of its own, and a user's file in it."""

import subprocess
from pathlib import Path

USER = """
from pathlib import Path

from friendli_facade import SyncFriendli, models
from friendli_facade.sandbox import Sandbox


def draw(prompt: str) -> models.Image:
    with SyncFriendli(token="t", http_client=Sandbox().http_client()) as friendli:
        return friendli.dedicated.image.generate(
            model="m", prompt=prompt, response_format="png", control_images=[Path(__file__)]
        ).images[0]


def edit(picture: bytes) -> str:
    with SyncFriendli(http_client=Sandbox().http_client()) as friendli:
        return friendli.container.image.edit(image=picture, prompt="more").image


with SyncFriendli(token="t", http_client=Sandbox().http_client()) as friendli:
    first = friendli.dedicated.image.generate(model="m", prompt="a kite", response_format="png")
print(first.images[0].media_type, len(edit(first.images[0].read())) > 1000)
"""


def run(*command: str | Path, cwd: Path) -> str:
    """What a command prints; fails with all of it if the command fails."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
