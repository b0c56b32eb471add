"""Command lines in; a page of what they look like in a terminal out. Uses tmux, and the sandbox."""
