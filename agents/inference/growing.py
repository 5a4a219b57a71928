"""An array that grows at its end."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


class Growing:
    """Rows in one block that doubles when it is full, so that a row more costs the same however many there are.

    Args:
        fill: what new rows hold.
        dtype: type of an entry.
        shape: shape of a row; () for a single entry.
    """

    def __init__(self, fill: float, dtype: type, shape: tuple[int, ...] = ()) -> None:
        self._fill = fill
        self._size = 0
        self.block: NDArray[Any] = np.empty((16, *shape), dtype)

    def __len__(self) -> int:
        return self._size

    @property
    def rows(self) -> NDArray[Any]:
        """The rows there are: a view, until the array grows."""
        return self.block[: self._size]

    def grow(self, size: int) -> None:
        """Have so many rows at least."""
        if size <= self._size:
            return
        if size > len(self.block):
            self._move(self.rows, max(size, 2 * len(self.block)))
        self.block[self._size : size] = self._fill
        self._size = size

    def load(self, rows: NDArray[Any]) -> None:
        """Hold these rows, and no others; they are copied, and have room to grow."""
        self._move(rows, len(rows) + len(rows) // 4 + 16)
        self._size = len(rows)

    def _move(self, rows: NDArray[Any], room: int) -> None:
        block = np.empty((room, *self.block.shape[1:]), self.block.dtype)
        block[: len(rows)] = rows
        self.block = block
