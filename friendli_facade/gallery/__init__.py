"""A folder of pictures comes in; a page that shows them, and how they were made, goes out.

Uses the public `provenance`, and what opens pictures. Needs the extra `gallery`.
"""

from friendli_facade.gallery._writing import write

__all__ = ["write"]
