"""This client and others come in; tables and a plot of what they take go out.

Uses `faults`, for the soak, and `contract`.
"""
