"""What an error's answer says: a body or a header comes in, words, details or seconds go out.

Uses `_rules`.
"""
