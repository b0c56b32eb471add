"""Contract and facade come in; a line for each difference between them goes out.

Uses `generation` and `contract`.
"""
