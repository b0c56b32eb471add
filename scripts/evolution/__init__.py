"""A new document of upstream's in; out come what it changes for callers, and a regenerated tree.

Uses `contract` and `generation`.
"""
