"""A folder of pictures comes in; a page that shows them, and how they were made, goes out.

Uses the public `provenance`, and what opens pictures. Needs the extra `gallery`.
"""

try:
    from friendli_facade.gallery._writing import write
except ModuleNotFoundError as error:
    _name = (error.name or "").partition(".")[0]
    if _name not in {"PIL", "jinja2", "markupsafe"}:
        raise
    raise ModuleNotFoundError(
        f"friendli_facade.gallery needs {_name}: pip install 'friendli-facade[gallery]'",
        name=error.name,
    ) from None

__all__ = ["write"]
