"""Changes code in one place at a time: rooms and their tests come in, unnoticed changes go out.

Uses no other room. cosmic-ray makes the changes and coverage says which tests reach them; a
change is made in memory, in a process of its own, so that no file is touched.
"""
