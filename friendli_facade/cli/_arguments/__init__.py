"""The words of a command line come in; calls, and places for their pictures, go out.

Uses `_contract` and `_terminal`.
"""
