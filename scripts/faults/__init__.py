"""Faults of servers and networks in; out comes what the client makes of them. Uses no room."""
