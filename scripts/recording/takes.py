"""What the page shows: command lines, what goes wrong for each, and what must come of it."""

from collections.abc import Callable

import attrs

from friendli_facade.sandbox import Sandbox

OPEN, CLOSED, HOME = "8000", "8001", "/home/you"
DRAW = "friendli-facade generate 'A lighthouse at dusk' --model my-endpoint"
TABLE = "boats.csv"
ROWS = """\
key,place,seed
quay,at the quay,1
storm,in a storm,2
fog,in the fog,3
bridge,below a bridge,4
"""
_BATCH = f"batch {TABLE} -o boats --template 'A boat {{place}}' --model my-endpoint"


@attrs.frozen
class Take:
    """A command line and its place on the page.

    `then` is to be on the screen in the end, and before that, in a frame of its own, what the
    pattern `meanwhile` finds. That frame is waited for when `drawn` pictures are there, by the
    sandbox too; `key` is pressed when it stands. `before` tells the sandbox what to do.
    """

    title: str
    words: str
    command: str
    then: tuple[str, ...]
    meanwhile: str = ""
    drawn: int = 0
    key: str = ""
    before: Callable[[Sandbox], object] = lambda _sandbox: None


TAKES = (
    Take(
        "A picture",
        "While it is drawn the time runs; then there is its path, which a terminal lets you click.",
        f"{DRAW} --seed 7",
        then=("a-lighthouse-at-dusk-7.png",),
        meanwhile="drawing 0:00:0[2-9]",
        before=lambda sandbox: sandbox.delay_next(3),
    ),
    Take(
        "Several, with a bar",
        "A picture for each seed, two at a time, and a sheet of all of them.",
        f"{DRAW} --seeds 1..8 -j 2 -o lighthouses/ --sheet sheet.png",
        then=("sheet.png",),
        meanwhile="4/8",
        drawn=4,
        before=lambda sandbox: sandbox.delay_next(1, times=8),
    ),
    Take(
        "An edit",
        "The suffix of `-o` asks for the format.",
        "friendli-facade edit kite.png --prompt 'Make it winter' --model my-endpoint -o winter.jpg",
        then=("winter.jpg",),
    ),
    Take(
        "What a picture tells",
        "The request, the digests of the pictures that were sent with it, and what came.",
        "friendli-facade show winter.jpg",
        then=("dedicatedImagesEdit", "Make it winter", "drawn with seed"),
    ),
    Take(
        "The same once more",
        "With another seed and more steps; kite.png is found by its digest.",
        "friendli-facade again winter.jpg --seed 9 --steps 40",
        then=("make-it-winter-9.jpg",),
    ),
    Take(
        "A page of a folder's pictures",
        "It needs no server: a browser opens it, and [shows what made each picture](gallery.md).",
        "friendli-facade gallery lighthouses",
        then=(f"{HOME}/lighthouses/index.html",),
    ),
    Take(
        "A table of pictures",
        "boats.csv has a line for each, with the columns `key`, `place` and `seed`. While they are "
        "drawn there is a bar, with what was paid; [the same command](batch.md) goes on where it "
        "ended.",
        f"friendli-facade {_BATCH} -j 1 --price-per-image 0.04; echo status $?",
        then=("4 of 4 done", "cost 0.16", "status 0"),
        meanwhile="2 of 4 done",
        drawn=2,
        before=lambda sandbox: sandbox.delay_next(1.5, times=4),
    ),
    Take(
        "What a table has become",
        "Of a batch that runs, too.",
        "friendli-facade batch status boats",
        then=("paid                4",),
    ),
    Take(
        "What would be sent",
        "A dry run makes the whole request, checks it, and keeps it.",
        f"{DRAW} --steps 28 --dry-run",
        then=("authorization: Bearer ***", '"num_inference_steps": 28'),
    ),
    Take(
        "Arguments that break rules",
        "All of them at once, under the names of the options; nothing was sent.",
        "friendli-facade generate '' --model my-endpoint --steps 51 --seed x; echo status $?",
        then=("PROMPT must not be empty", "--num-inference-steps must be at most 50", "status 2"),
    ),
    Take(
        "A token that is refused",
        "The server's own words, and what to look at.",
        f"{DRAW}; echo status $?",
        then=("401 Unauthorized", "is the token right?", "status 3"),
        before=lambda sandbox: sandbox.fail_next(401, detail="Invalid token"),
    ),
    Take(
        "A server that is not there",
        "It is tried for a few seconds, for a container may be starting.",
        f"{DRAW} --server-url http://localhost:{CLOSED}; echo status $?",
        then=("refuses connections", "nothing was sent", "status 4"),
    ),
    Take(
        "Ctrl-C at picture 3 of 8",
        "What is finished is kept, what was being drawn may be paid for, and what is missing can "
        "be asked for by the same words.",
        "friendli-facade generate 'A kite' --model my-endpoint --seeds 1..8 -j 1; echo status $?",
        then=("missing: seeds 3..8", "interrupted: seed 3 may", "status 130"),
        meanwhile="2/8",
        drawn=2,
        key="C-c",
        before=lambda sandbox: sandbox.delay_next(1.5, times=3),
    ),
    Take(
        "Into a pipe",
        "`-o -` writes the picture itself, and never to a terminal.",
        f"{DRAW} -o - | file -",
        then=("PNG image data",),
    ),
    Take(
        "For a program",
        "A line of JSON for each picture, and nothing else.",
        f"{DRAW} --seeds 21,22 --json | python3 -m json.tool --json-lines",
        then=('"sha256"', '"seed": 22', '"attempts": 1'),
    ),
    Take(
        "What is configured, and whether it works",
        "The doctor sends an empty request, which draws nothing.",
        "friendli-facade doctor; echo status $?",
        then=("(from FRIENDLI_TOKEN)", f"dedicated at http://localhost:{OPEN}: ready", "status 0"),
    ),
)
