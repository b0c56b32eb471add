"""A server that fails as it is told, and thousands of calls against it, each checked.

Uses no other room.
"""
