"""Text of strangers for a terminal: nothing in it is obeyed, and a line stays one line."""


def printable(text: object) -> str:
    """A text whose characters are all seen: line breaks, escapes and marks of direction too."""
    return "".join(
        one if one.isprintable() else one.encode("unicode_escape").decode() for one in str(text)
    )


def error_line(reason: object) -> str:
    """A reason on one line, however many its text has."""
    return printable(" ".join(str(reason).split()))
