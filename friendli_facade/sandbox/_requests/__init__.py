"""Requests understood: a body and the contract in, a scene to draw or a refusal out.

Uses `_messages` and `_pictures`.
"""
