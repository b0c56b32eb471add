"""The operations: one function each, from keyword arguments to a description of the call.

Both clients are bound to these functions, so a signature is written here and nowhere else.
"""
