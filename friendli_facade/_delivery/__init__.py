"""A request comes in; its response goes out, or the one right error.

Deadlines, retries, connections and the lifetime of a client are here. Uses `_requests` and what
that uses.
"""
