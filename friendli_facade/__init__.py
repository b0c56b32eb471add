"""A typed client for Friendli's image API."""

__version__ = "0.1.0"
