"""The contract in; out come `generated/` and the reference pages. Uses `contract`."""
