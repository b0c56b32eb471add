"""Make the pictures of a table, and go on where it ended."""

from friendli_facade.cli._batches import ledgers
from friendli_facade.cli._batches.command import BatchCommand

command = BatchCommand(
    """Make the pictures of a table, and go on where it ended: a call for each row.

    TABLE is JSON lines, CSV or Parquet, or - for standard input. Columns that are named as
    arguments are (prompt, seed, image...), key names the row, and all others go through to
    outcomes.jsonl. Options of the operation are for rows that lack the column.

    Run again, the same command goes on. Behind it: `batch status DIR` counts what is done,
    `batch export DIR` writes the ledger as a table. A table of such a name is ./status.
    """,
    ledgers.commands(),
)
