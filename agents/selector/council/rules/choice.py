"""The rules of a council that there are to choose from."""

from typing import Annotated

from agents.component import Choice
from agents.selector.council.rule import Rule
from agents.selector.council.rules.albl import Albl
from agents.selector.council.rules.auction import Auction
from agents.selector.council.rules.kemeny import Kemeny
from agents.selector.council.rules.ranks import Approval, Borda, MedianRank, ReciprocalRank

AnyRule = Annotated[Rule, Choice("rule of a council", Borda, MedianRank, ReciprocalRank, Approval, Kemeny, Auction, Albl)]
