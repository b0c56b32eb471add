"""A contender and a load in; out comes what it cost, as JSON.

This room runs in the environments of those who are measured, so it imports the standard library
and the contender, and nothing else. Uses `pictures`.
"""
