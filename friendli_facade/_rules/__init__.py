"""What may be sent: a JSON value and the contract come in, violations go out, in words.

Uses no other room.
"""
