"""What may be made of items that are under way, by the names that a scenario calls it."""

from typing import Annotated

from agents.component import Choice
from agents.selector.pending import Pending
from agents.selector.pendings.constant_liar import ConstantLiar
from agents.selector.pendings.ignore import Ignore
from agents.selector.pendings.kriging_believer import KrigingBeliever
from agents.selector.pendings.local_penalisation import LocalPenalisation

PENDINGS = Choice("handling of pending items", Ignore, LocalPenalisation, KrigingBeliever, ConstantLiar)
AnyPending = Annotated[Pending, PENDINGS]
