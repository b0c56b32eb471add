"""Calls come in; pictures in files, on the screen and in a pipe go out.

Uses `_arguments`, `_failures` and `_terminal`.
"""
