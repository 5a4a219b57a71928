"""The query strategies there are, by the names that a scenario calls them."""

from typing import Annotated

from agents.component import Choice
from agents.selector.strategies.badge import Badge
from agents.selector.strategies.balance import ClassBalanced
from agents.selector.strategies.bald import Bald, BatchBald
from agents.selector.strategies.certainty import Certainty
from agents.selector.strategies.chance import InOrder, Random
from agents.selector.strategies.combinations import Product, RankProduct, ThenBy, WeightedSum
from agents.selector.strategies.committee import ConsensusEntropy, KLDivergence, MeanDeviation, VariationRatios, VoteEntropy
from agents.selector.strategies.cost_aware import CostAware
from agents.selector.strategies.density import InformationDensity
from agents.selector.strategies.dwus import Dwus
from agents.selector.strategies.epsilon import Epsilon
from agents.selector.strategies.expected_error_reduction import ExpectedErrorReduction
from agents.selector.strategies.expected_model_change import ExpectedModelChange
from agents.selector.strategies.graph_density import GraphDensity
from agents.selector.strategies.hierarchical import Hierarchical
from agents.selector.strategies.k_center import KCenter
from agents.selector.strategies.k_means import KMeans
from agents.selector.strategies.narrowing import Filter, Subsample
from agents.selector.strategies.prob_cover import ProbCover
from agents.selector.strategies.quire import Quire
from agents.selector.strategies.ranked_batch import RankedBatch
from agents.selector.strategies.typiclust import TypiClust
from agents.selector.strategies.uncertainty import DistanceToBoundary, Entropy, LeastConfident, Margin
from agents.selector.strategies.variance_reduction import VarianceReduction
from agents.selector.strategy import Strategy

KINDS = (
    Random,
    InOrder,
    LeastConfident,
    Margin,
    Entropy,
    DistanceToBoundary,
    Certainty,
    Epsilon,
    ClassBalanced,
    VoteEntropy,
    ConsensusEntropy,
    KLDivergence,
    VariationRatios,
    MeanDeviation,
    Bald,
    BatchBald,
    ExpectedErrorReduction,
    VarianceReduction,
    ExpectedModelChange,
    Quire,
    Hierarchical,
    Dwus,
    KCenter,
    RankedBatch,
    KMeans,
    TypiClust,
    ProbCover,
    Badge,
    InformationDensity,
    GraphDensity,
    WeightedSum,
    Product,
    RankProduct,
    ThenBy,
    Subsample,
    Filter,
    CostAware,
)

STRATEGIES = Choice("query strategy", *KINDS)
AnyStrategy = Annotated[Strategy, STRATEGIES]
