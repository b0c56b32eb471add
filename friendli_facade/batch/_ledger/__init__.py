"""What a batch did and does comes in; rows that outlive a kill go out, and a table of them.

Uses `errors`, and `_rules` for how a value may be shown.
"""
