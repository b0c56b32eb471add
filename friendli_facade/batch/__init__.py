"""Many calls of one operation: a batch that survives being killed.

Jobs come in, an outcome for each goes out as it finishes; pictures and a ledger of them stay in a
folder. Uses the clients, and rooms before them for what a client does with a call.

    from friendli_facade import SyncFriendli, batch

    jobs = [{"key": "kite", "prompt": "A kite"}, {"key": "boat", "prompt": "A boat"}]
    with SyncFriendli() as friendli:
        with batch.run(friendli.container.image.generate, jobs, directory="pictures") as outcomes:
            for outcome in outcomes:
                print(outcome.key, outcome.path or outcome.error)
"""

from friendli_facade.batch._engine import Ambiguous
from friendli_facade.batch._ledger.ledger import Ledger
from friendli_facade.batch._ledger.rows import LedgerError, Row, State
from friendli_facade.batch._outcomes import AmbiguousJobError, Outcome, Progress
from friendli_facade.batch._runs import AsyncRun, SyncRun, arun, run

__all__ = [
    "Ambiguous",
    "AmbiguousJobError",
    "AsyncRun",
    "Ledger",
    "LedgerError",
    "Outcome",
    "Progress",
    "Row",
    "State",
    "SyncRun",
    "arun",
    "run",
]
