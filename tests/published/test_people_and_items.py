"""Claims of GLAD (Whitehill et al., 2009), MACE (Hovy et al., 2013) and CROWDLAB (Goh et al., 2022), on simulated crowds."""

import numpy as np
import pytest
from scipy.stats import spearmanr

from agents.inference.activelab import activelab
from agents.inference.answers import AnswerTable
from agents.inference.crowdlab import Crowdlab
from agents.inference.glad import Glad
from agents.inference.inference import Inferred
from agents.inference.mace import Mace
from agents.inference.majority import MajorityVote
from bus.chance import Chance, Keyed


def right(found: Inferred, truth: np.ndarray) -> np.ndarray:
    return found.best(Keyed(0, "ties")) == truth


def gains(better: np.ndarray, worse: np.ndarray) -> bool:
    """Return whether the one is right more often than the other, by more than four standard errors of the paired difference."""
    difference = better.astype(float) - worse
    return difference.mean() > 4 * difference.std() / np.sqrt(len(difference))


def crowd(truth: np.ndarray, votes: int, people: int, classes: int, name: str, chance_right, habit=None) -> AnswerTable:
    """Return answers of that many different people an item; `chance_right(item, person)` is the probability of a right one."""
    stream = Chance(4).stream(name)
    item = np.repeat(np.arange(len(truth)), votes)
    person = stream.random((len(truth), people)).argsort(axis=1)[:, :votes].ravel()
    knows = stream.random(len(item)) < chance_right(item, person)
    wrong = (truth[item] + stream.integers(1, classes, len(item))) % classes if habit is None else habit(person, stream)
    label = np.where(knows, truth[item], wrong)
    return AnswerTable(range(len(truth)), [f"p{n:03}" for n in range(people)], "abcdefgh"[:classes], item, person, label)


def test_glad_is_better_than_the_majority_where_items_and_people_differ_and_recovers_both():
    stream = Chance(1).stream("glad")
    truth, ability = stream.integers(0, 2, 2000), stream.normal(1, 1, 50)
    ease = np.exp(stream.normal(0.5, 1, 2000))
    table = crowd(truth, 12, 50, 2, "glad", lambda item, person: 1 / (1 + np.exp(-ability[person] * ease[item])))
    found = Glad().infer(table)
    assert gains(right(found, truth), right(MajorityVote().infer(table), truth))
    # Whitehill et al. found rank correlations of this size: abilities almost exactly, difficulties by and large.
    assert spearmanr(found.ability, ability).statistic > 0.95
    assert spearmanr(found.difficulty, 1 / ease).statistic > 0.5


@pytest.mark.parametrize("variational", [True, False])
def test_mace_finds_the_spammers_and_is_better_than_the_majority_that_they_sway(variational):
    stream = Chance(2).stream("mace")
    truth = stream.integers(0, 3, 1500)
    spams = np.where(np.arange(40) < 20, stream.uniform(0.8, 1, 40), stream.uniform(0, 0.4, 40))
    # Spammers are fond of the first label.
    fond = lambda person, draws: (draws.random(len(person)) > 0.8) * draws.integers(1, 3, len(person))  # noqa: E731
    table = crowd(truth, 7, 40, 3, "mace", lambda item, person: 1 - spams[person], fond)
    found = Mace(variational=variational).infer(table)
    assert gains(right(found, truth), right(MajorityVote().infer(table), truth))
    # The paper's claim: its trust correlates strongly with people's real skill.
    assert np.corrcoef(found.spamming, spams)[0, 1] > 0.95
    assert found.spamming[:20].min() > found.spamming[20:].max()
    # Some 236 spammed answers each; variational Bayes draws habits towards even ones, by its ten pseudo-answers of each label.
    pseudo, spammed = 10 * variational, 1500 * 7 / 40 * spams[:20].mean()
    expected = (0.8 * spammed + pseudo) / (spammed + 3 * pseudo)
    assert found.habits[:20, 0].mean() == pytest.approx(expected, abs=4 * np.sqrt(0.8 * 0.2 / spammed / 20))


def modelled(name: str, items: int = 3000) -> tuple[AnswerTable, np.ndarray]:
    """Return up to three answers an item, and a model that is right on about four of five, and knows how sure it may be."""
    stream = Chance(3).stream(name)
    truth = stream.integers(0, 4, items)
    skill = stream.uniform(0.5, 0.9, 30)
    table = crowd(truth, 3, 30, 4, name, lambda item, person: skill[person])
    keep = np.arange(len(table)) % 3 <= np.repeat(stream.integers(0, 3, items), 3)
    scores = stream.normal(0, 1, (items, 4))
    scores[np.arange(items), truth] += 1.9
    model = np.exp(1.9 * scores)
    model /= model.sum(axis=1, keepdims=True)
    rows = table.item[keep], table.person[keep], table.label[keep]
    return AnswerTable(table.items, table.people, table.classes, *rows, probabilities=model), truth


def test_crowdlab_is_better_than_the_majority_and_than_the_model_alone_where_answers_are_few():
    table, truth = modelled("crowdlab")
    found = right(Crowdlab().infer(table), truth)
    assert gains(found, right(MajorityVote().infer(table), truth))
    assert gains(found, table.probabilities.argmax(axis=1) == truth)


def test_the_labels_that_activelab_would_ask_about_first_are_wrong_more_often():
    table, truth = modelled("activelab")
    wrong = ~right(Crowdlab().infer(table), truth)
    order = activelab(table).argsort(kind="stable")
    first, last = wrong[order[:1000]], wrong[order[-1000:]]
    error = np.sqrt((first.var() + last.var()) / 1000)
    assert first.mean() - last.mean() > 4 * error
