"""A request comes in; it goes over a connection of this process, this event loop and no other call.

Uses the modules beside it in `_delivery`, and what those use.
"""
