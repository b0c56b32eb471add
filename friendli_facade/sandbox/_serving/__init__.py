"""Ways in: requests of httpx or of a socket in, an application's responses or a fault out.

Uses `_messages`, `_received` and `_faults`; the sandbox itself it knows as `Application` alone.
"""
