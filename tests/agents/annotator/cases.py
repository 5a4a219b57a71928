"""Annotators to try, and cases to try them on."""

from agents.annotator.annotator import Annotator
from agents.annotator.answering import Answering
from agents.annotator.case import Case
from agents.annotator.latency import Latency
from agents.annotator.nature import Nature
from agents.annotator.noise import Noise
from agents.items import Truth
from agents.messages import Item
from bus.bus import MessageBus
from bus.chance import Chance

NATURE = Nature(Chance(7))


def case(item: Item = 0, truth: int = 0, classes: int = 2, attempt: int = 0, nature: Nature = NATURE) -> Case:
    """Return a question about an item of that truth."""
    return Case(item, attempt, truth, classes, nature)


def annotator(
    name: str, bus: MessageBus, noise: Noise, latency: Latency, truth: Truth, chance: Chance, careful: bool = False
) -> Annotator:
    """Return somebody of that noise and latency, and nothing else of note."""
    return Annotator(name, bus, Answering(name, noise, latency, (), (), None, chance), truth, Nature(chance), careful)
