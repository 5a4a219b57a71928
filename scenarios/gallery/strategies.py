"""The hall of strategies: what chooses items, what is made of those under way, and what says that it is enough."""

from collections.abc import Sequence
from functools import cache
from inspect import getdoc

from matplotlib.figure import Figure

from agents.component import Component
from agents.selector.council.council import Council
from agents.selector.pending import Pending
from agents.selector.stopping.rule import StopRule
from agents.selector.strategy import Strategy
from bus.chance import Chance
from scenarios.catalogue import COSTS
from scenarios.gallery import selecting, stopping
from scenarios.gallery.hall import Wall, exhibits
from scenarios.gallery.plane import Plane
from scenarios.gallery.prose import inline

SEED = 3
ACROSS = 6
"""So many pictures stand side by side in the overview."""

PREFACE = f"""\
# Query strategies

What chooses the next items, what is made of items that are under way, and what says that labels are enough: each with its formula
and source, what it costs, an example, its dials and a picture. `parley gallery docs` makes this page and its pictures anew.

All strategies are pictured on the same plane, so that pictures compare. There are three classes, of which C is rare and has two
labels; the background is what the model makes of each place, and lines are where it changes its mind. A dot is an item that may be
asked for: the more items score lower, the larger and darker it is. White diamonds were asked for last, by `margin`, and have no
label yet. Yellow are the next ten items that the strategy selects, in the order of their numbers.

The model is a logistic regression; strategies that need a committee go by five, each trained on a bootstrap sample of the labels,
and there is a line for each member.

{COSTS}
"""

_NEEDS = (
    ("needs_model", "a model"),
    ("needs_members", "a committee"),
    ("needs_decision", "a decision function"),
    ("needs_training", "models of its own, like the learner's"),
    ("needs_features", "where items lie"),
    ("needs_bills", "what labels have cost"),
)


def walls() -> list[Wall]:
    """Return the kinds of component that choose, in the order in which they stand in a scenario."""
    # What pictures are made of is made when the first one is drawn: the text of the page needs none of it.
    plane = cache(lambda: Plane(Chance(SEED)))
    versions = cache(lambda: stopping.course(Chance(SEED)))
    return [
        Wall(
            "strategy",
            "Strategies: what is asked for next",
            "`[selector] strategy`. Scores of one strategy compare with each other only: dots show how many items score lower.",
            lambda each: selecting.portrait(each, plane()),
            "png",
            _of_strategy,
        ),
        Wall(
            "pending",
            "Pending: what is made of items under way",
            "`[selector] pending`. The strategy is `margin` in all of them; dots are by what each item would score if it was the "
            "first to be picked.",
            lambda each: selecting.portrait(each, plane()),
            "png",
            _of_pending,
        ),
        Wall(
            "stop-rule",
            "Stop rules: what says that it is enough",
            "`[stop] rules`. One campaign on handwritten digits: a logistic regression, 20 labels by chance, then the 20 items of "
            "least margin, again and again; all labels are right. Above: what the rule measures of each version, filled "
            "where that speaks for stopping. Beneath: accuracy on held-out items, which no rule sees. The orange line is when it "
            "fires.",
            lambda each: stopping.portrait(each, versions()),
            "svg",
            _of_rule,
        ),
    ]


def overview() -> Figure:
    """Return pictures of all strategies, and of all that is made of items under way, as small multiples."""
    plane = Plane(Chance(SEED))
    shown = [(kind, each.component) for kind in ("strategy", "pending") for each in exhibits(kind)]
    rows = -(-len(shown) // ACROSS)
    figure = Figure(figsize=(1.75 * ACROSS, 1.42 * rows), layout="constrained")
    for place, (kind, component) in enumerate(shown, 1):
        axes = figure.add_subplot(rows, ACROSS, place)
        selecting.draw(axes, component, plane, small=True)
        name = component.kind if kind == "strategy" else f"pending: {component.kind}"
        axes.set_title(name, fontsize=8, pad=2)
    return figure


def _of_strategy(component: Strategy | Council) -> Sequence[str]:
    if isinstance(component, Council):
        return ("**Cost:** what its members cost, and their messages.",)
    score = f"**Score:** {_returned(component.scores)}"
    return score, f"**Cost:** {inline(component.cost)}. **Goes by:** {_needs(component)}."


def _of_pending(pending: Pending) -> Sequence[str]:
    return (f"**Goes by:** {_needs(pending)}.",)


def _of_rule(rule: StopRule) -> Sequence[str]:
    return (f"**Measure:** {_returned(rule.measure)} **Speaks for stopping:** {_returned(rule.is_met)}",)


def _needs(component: Component) -> str:
    found = [words for name, words in _NEEDS if getattr(component, name, False)]
    if "a committee" in found:
        found.remove("a model")
    if isinstance(component, Strategy) and len(component.layers) > 1:
        found.append("what its parts go by")
    return ", ".join(found) or "nothing but which items there are"


def _returned(method: object) -> str:
    """Return what the first paragraph of a method's docstring says that it returns."""
    said = (getdoc(method) or "").split("\n\n")[0].removeprefix("Return ")
    return inline(said.removeprefix("whether "))
