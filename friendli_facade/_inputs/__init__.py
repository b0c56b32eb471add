"""What a caller calls a picture comes in; its bytes, readable again, and their media type go out.

Uses `_rules`, `errors`, `_images` (for the kinds of pictures) and `_language` (threads).
"""
