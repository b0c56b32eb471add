"""A response comes in; a result goes out, whose pictures can be downloaded and saved.

Uses `_delivery` and what that uses.
"""
