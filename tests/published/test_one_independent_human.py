"""One independent human among language models of one make: what nobody of the same make can add.

Votes that correlate by rho count for n / (1 + (n - 1) rho) independent ones, so more of them soon add nothing; one vote from
elsewhere does, if it is weighed for what it is. Of models of accuracy .8 that correlate by .4375, nine are right .834 of the
time, a hundred .842; nine and a human of accuracy .8 are right .884, with a majority .846. Through the bus: a family of
annotators, a weighted vote that knows who errs together, and one that has learnt how good people are. Found are: correlated
votes that count as if they were independent, and a weighing that loses what the human adds.
"""

import math

import pytest
from scipy.stats import betabinom

from agents.coordinator.accuracy import Known, Learnt
from agents.coordinator.crowd import Answer
from tests.agents.samples import share_band
from tests.published.campaigns import campaign, recorded

P, RHO = 0.8, 0.4375
STRENGTH = (1 - RHO) / RHO
FEW, MANY = 1200, 20_000


def beta_binomial(right: int, size: int, p: float = P) -> float:
    return float(betabinom.pmf(right, size, p * STRENGTH, (1 - p) * STRENGTH))


def optimal(models: int, human: float) -> float:
    """Return how often the best use of the counts is right: exactly."""
    accuracy = 0.0
    for right in range(models + 1):
        chance, other = beta_binomial(right, models), beta_binomial(models - right, models)
        told = math.log(chance / other)
        for agrees, share in ((1, human), (-1, 1 - human)):
            score = told + agrees * math.log(human / (1 - human)) if human > 0.5 else told
            accuracy += chance * share * (1.0 if score > 1e-9 else 0.5 if score > -1e-9 else 0.0)
    return accuracy


def majority(models: int, human: float) -> float:
    """Return how often the majority of an odd number of models and a human is right, ties being worth a half."""
    accuracy = 0.0
    for right in range(models + 1):
        for agrees, share in ((1, human), (-1, 1 - human)):
            lead = 2 * right - models + agrees
            accuracy += beta_binomial(right, models) * share * (1.0 if lead > 0 else 0.5 if lead == 0 else 0.0)
    return accuracy


PUBLISHED = {(9, 0.8): 0.884, (3, 0.8): 0.870, (9, 0.9): 0.928, (3, 0.9): 0.900}
"""How often models and a human are right, their votes used for the best, by how many models there are and how good the human is."""


@pytest.mark.parametrize(("models", "human"), PUBLISHED)
def test_the_closed_form_gives_the_published_values(models, human):
    assert optimal(models, human) == pytest.approx(PUBLISHED[models, human], abs=5e-4)


@pytest.mark.parametrize(("models", "accuracy"), [(9, 0.834), (14, 0.836), (100, 0.842)])
def test_more_models_of_the_same_make_hardly_help_and_fall_short_of_one_human(models, accuracy):
    assert optimal(models, 0.5) == pytest.approx(accuracy, abs=6e-4)
    assert accuracy < optimal(3, 0.8)


def weigh(models: int, right: int, agrees: bool, known: Known) -> float:
    """Return how probable a weighted vote holds the label that so many of the models give, and the human or not."""
    belief = known.belief(("no", "yes"))
    for number in range(models):
        belief.hear(0, f"llm-{number}", "yes" if number < right else "no")
    belief.hear(0, "human-1", "yes" if agrees else "no")
    return float(belief.posterior(0)[1])


@pytest.mark.parametrize(("models", "human"), PUBLISHED)
def test_a_vote_that_knows_who_errs_together_is_bayes_formula(models, human):
    known = Known(of={"llm": P, "human": human}, correlation={"llm": RHO})
    for right in range(models + 1):
        yes, no = beta_binomial(right, models) * human, beta_binomial(models - right, models) * (1 - human)
        assert weigh(models, right, True, known) == pytest.approx(yes / (yes + no))


def test_votes_that_hardly_correlate_are_weighed_as_independent_ones():
    alone, together = Known(of={"llm": P, "human": 0.9}), Known(of={"llm": P, "human": 0.9}, correlation={"llm": 1e-6})
    for right in range(6):
        assert weigh(5, right, False, together) == pytest.approx(weigh(5, right, False, alone), abs=1e-4)


def test_where_accuracies_are_learnt_votes_of_a_group_count_for_so_many_fewer():
    belief, alone = Learnt(correlation={"llm": RHO}).belief(("no", "yes")), Learnt().belief(("no", "yes"))
    nine = [Answer(f"llm-{number}", "yes", number) for number in range(9)]
    # Nine that correlate by .4375 are worth two.
    assert belief.confidence(0, nine) == pytest.approx(alone.confidence(0, nine[:2]))
    assert belief.confidence(0, nine[:1]) == pytest.approx(alone.confidence(0, nine[:1]))


def test_of_several_classes_each_is_as_probable_as_under_polyas_urn():
    known = Known(of={"llm": P, "human": 0.7}, correlation={"llm": RHO})
    belief = known.belief("abc")
    for number, label in enumerate("aabbc"):
        belief.hear(0, f"llm-{number}", label)
    counts = (2, 2, 1)

    def urn(true: int) -> float:
        """Return the probability of these votes, drawn one by one: each makes its class likelier for the next."""
        weights = [STRENGTH * (P if each == true else (1 - P) / 2) for each in range(3)]
        chance = 1.0
        for drawn, place in enumerate(place for place, count in enumerate(counts) for _ in range(count)):
            chance *= weights[place] / (STRENGTH + drawn)
            weights[place] += 1
        return chance

    total = sum(urn(each) for each in range(3))
    assert belief.posterior(0).tolist() == pytest.approx([urn(each) / total for each in range(3)])


# Through the bus


def accuracy_of(policy: dict[str, object], models: int, human: float, items: int) -> float:
    """Return how often the labels of models and a human are right."""
    family = {"kind": "beta-binomial", "name": "make", "correlation": RHO}
    people = [
        {"name": "llm", "count": models, "noise": {"kind": "one-coin", "accuracy": P}, "family": family},
        {"name": "human", "noise": {"kind": "one-coin", "accuracy": human}},
    ]
    _, summary = recorded(campaign(items, annotators=people, coordination={"policy": policy}))
    assert summary.label_accuracy is not None
    return summary.label_accuracy


def weighted(size: int, **accuracy: object) -> dict[str, object]:
    return {"kind": "weighted", "size": size, "accuracy": {"kind": "known", **accuracy}}


@pytest.mark.parametrize(("models", "human"), [(9, 0.8), *(pytest.param(*each, marks=pytest.mark.slow) for each in PUBLISHED)])
def test_one_independent_human_is_worth_what_is_published_to_who_weighs_them_right(models, human):
    items = FEW if (models, human) == (9, 0.8) else MANY
    policy = weighted(models + 1, of={"llm": P, "human": human}, correlation={"llm": RHO})
    expected = optimal(models, human)
    assert accuracy_of(policy, models, human, items) == pytest.approx(expected, abs=share_band(expected, items))


@pytest.mark.parametrize("items", [FEW, pytest.param(MANY, marks=pytest.mark.slow)])
def test_a_majority_makes_less_of_the_human_than_a_vote_that_knows_who_errs_together(items):
    expected = majority(9, 0.8)
    assert expected == pytest.approx(0.846, abs=5e-4)
    plain = accuracy_of({"kind": "majority", "size": 10}, 9, 0.8, items)
    assert plain == pytest.approx(expected, abs=share_band(expected, items))
    # On the very same votes, so that the difference is no matter of chance.
    assert plain < accuracy_of(weighted(10, of={"llm": P, "human": 0.8}, correlation={"llm": RHO}), 9, 0.8, items) - 0.02


@pytest.mark.parametrize("items", [FEW, pytest.param(MANY, marks=pytest.mark.slow)])
def test_a_learnt_weighing_that_counts_a_make_for_so_many_fewer_gains_most_of_it(items):
    learnt = {"kind": "weighted", "size": 10, "accuracy": {"kind": "learnt", "correlation": {"llm": RHO}}}
    naive = {"kind": "weighted", "size": 10, "accuracy": "learnt"}
    assert accuracy_of(learnt, 9, 0.8, items) > accuracy_of(naive, 9, 0.8, items) + 0.015
