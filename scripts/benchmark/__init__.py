"""Clients and loads in; out come their figures, side by side. Uses `faults`."""
