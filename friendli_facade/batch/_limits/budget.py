"""How many pictures a batch may still pay for."""

from decimal import Decimal

import anyio


class Budget:
    """Places for pictures: one is kept for each request, until it is known what it drew.

    Args:
        most: Pictures that may be paid for; None for any number.
        paid: Those that are, already.
    """

    def __init__(self, most: int | None, paid: int) -> None:
        self._most = most
        self._paid = paid
        self._kept = 0
        self._changed = anyio.Event()

    async def keep(self) -> bool:
        """Whether there is a place for a picture, which is kept from now on."""
        while self._most is not None and self._paid + self._kept >= self._most:
            if not self._kept:
                return False
            await self._changed.wait()
        self._kept += 1
        return True

    def settle(self, images: int) -> None:
        """Gives a place back, and takes as many as were paid for."""
        self._kept -= 1
        self._paid += images
        self._changed.set()
        self._changed = anyio.Event()


def affordable(
    max_images: int | None, max_cost: float | None, price_per_image: float | None
) -> int | None:
    """How many pictures the limits allow; None for any number."""
    limits = [] if max_images is None else [max_images]
    if max_cost is not None and price_per_image:
        limits.append(int(Decimal(str(max_cost)) / Decimal(str(price_per_image))))
    return min(limits, default=None)
