"""Contract, rules and facade in; out comes a line for each place where they disagree.

Uses `contract` and `generation`.
"""
