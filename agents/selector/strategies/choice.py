"""The query strategies there are, by the names that a scenario calls them."""

from typing import Annotated

from agents.component import Choice
from agents.selector.strategies.chance import InOrder, Random
from agents.selector.strategies.combinations import Product, RankProduct, ThenBy, WeightedSum
from agents.selector.strategies.narrowing import Filter, Subsample
from agents.selector.strategies.uncertainty import Entropy, LeastConfident, Margin
from agents.selector.strategy import Strategy

KINDS = (Random, InOrder, LeastConfident, Margin, Entropy, WeightedSum, Product, RankProduct, ThenBy, Subsample, Filter)

STRATEGIES = Choice("query strategy", *KINDS)
AnyStrategy = Annotated[Strategy, STRATEGIES]
