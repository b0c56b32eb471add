"""Nothing in; out come pictures of every operation, drawn by the sandbox. Uses no room."""
