"""A call's arguments and a client's settings come in; URL, headers and a body that streams go out.

Uses `_inputs` and what that uses.
"""
