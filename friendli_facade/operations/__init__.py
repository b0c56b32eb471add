"""The operations, declared: a signature and a docstring each, written by hand, and no code.

`scripts/generate` writes the methods of both clients from them, into `_resources.py`, and adds
what the contract says of an argument to its description. Uses the types of the rooms before it.
"""
