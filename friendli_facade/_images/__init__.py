"""The bytes of a picture, or where they are, come in; its kind, a file, a Pillow image go out.

Uses `_error_answers`, for how a URL may be shown.
"""
