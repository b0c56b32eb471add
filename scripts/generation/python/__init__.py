"""Schemas and source in; Python's types for them, and the project's own layout, out."""
