"""A table comes in; pictures, a ledger, and tables of what came of each row go out.

Uses `_failures`, `_arguments`, `_contract` and `_terminal`.
"""
