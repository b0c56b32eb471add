"""The commands, a module each, imported when one is used. Uses the rest of `cli`."""
