"""Many calls on a Ray cluster: rows of a Dataset in, the same with their pictures out.

Uses the batch's checks, keys, attempts and pace; actors, blocks and retries of blocks are Ray
Data's. Ray is imported when a limit is made, and pyarrow when an Images is: docs/cluster.md.
"""

from friendli_facade.ray._images import Images
from friendli_facade.ray._limit import Limit

__all__ = ["Images", "Limit"]
