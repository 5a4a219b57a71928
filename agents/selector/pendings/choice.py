"""What may be made of items that are under way, by the names that a scenario calls it."""

from typing import Annotated

from agents.component import Choice
from agents.selector.pending import Pending
from agents.selector.pendings.ignore import Ignore

PENDINGS = Choice("handling of pending items", Ignore)
AnyPending = Annotated[Pending, PENDINGS]
