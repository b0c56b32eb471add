"""The commands, a module each, imported when one is used. Uses the rest of `cli`.

A module has the name of its command, its docstring is what the list of commands says of it, and
`command` is it. Nothing else knows of it, and what only its run needs is imported in there.
"""
