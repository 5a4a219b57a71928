"""Money: what is promised, what is spent, and what is left."""

MILLIONTHS = 1_000_000


def millionths(amount: float) -> int:
    """Return an amount of money as whole millionths of the unit: floats would not add up."""
    return round(amount * MILLIONTHS)


class Ledger:
    """Keeps the budget: a price is reserved when a task is assigned, and committed when its answer is accepted.

    Reserved and committed money together never exceed the budget.

    Args:
        budget: in units of the user's currency; None for no limit.
    """

    def __init__(self, budget: float | None) -> None:
        self._budget = None if budget is None else millionths(budget)
        self._reserved = 0
        self._committed = 0

    @property
    def is_limited(self) -> bool:
        """Whether there is a budget."""
        return self._budget is not None

    @property
    def reserved(self) -> float:
        """Money promised for tasks under way."""
        return self._reserved / MILLIONTHS

    @property
    def committed(self) -> float:
        """Money spent."""
        return self._committed / MILLIONTHS

    def affords(self, price: int) -> bool:
        """Return whether a task of that price (in millionths) may still be assigned."""
        return self._budget is None or self._committed + self._reserved + price <= self._budget

    def reserve(self, price: int) -> None:
        """Promise money for a task.

        Raises:
            ValueError: there is not enough.
        """
        if self._budget is not None and not self.affords(price):
            raise ValueError(f"a price of {price / MILLIONTHS} exceeds what is left of the budget")
        self._reserved += price

    def commit(self, price: int) -> None:
        """Spend what was reserved."""
        self._reserved -= price
        self._committed += price

    def release(self, price: int) -> None:
        """Take back what was reserved."""
        self._reserved -= price

    def restore(self, reserved: int, committed: int) -> None:
        """Take over what was promised and spent before, in millionths."""
        self._reserved, self._committed = reserved, committed
