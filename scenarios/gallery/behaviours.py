"""The hall of behaviours: what annotators may be like."""

from bus.chance import Chance
from scenarios.gallery import availability, change, distribution, family, latency, noise, saying, social
from scenarios.gallery.hall import Wall

SEED = 7

PREFACE = """\
# Behaviours of annotators

What annotators may be like, each with its formula and source, an example, its dials and a picture. Every picture is made by
watching simulated people; `parley gallery docs` makes this page and its pictures anew. All behaviours compose: noise, family,
latency, changes and the rest are keys of one `[[annotators]]` table, and any number among their dials may differ from person to
person.
"""


def walls() -> list[Wall]:
    """Return the kinds of behaviour, in the order in which people meet them in an annotator's table."""
    chance = Chance(SEED)
    nature = noise.nature_of(chance)
    return [
        Wall(
            "noise",
            "Noise: how they err",
            "Sixty people answer 200 items each. Left: what they answer, by true class. Middle: how often they are right on easy "
            "items and on hard ones, with 95 % intervals; or, where they go by features or topics, how often one of them is right "
            "where in the plane, or on which topic. Right: how often each of them is.",
            lambda each: noise.portrait(each, chance, nature),
        ),
        Wall(
            "family",
            "Family: erring together",
            "Members of accuracy .8. Left: how many of nine are right on an item; dashed, people who err by themselves. Right: the "
            "accuracy of a majority of them.",
            lambda each: family.portrait(each, chance, nature),
        ),
        Wall(
            "latency",
            "Latency: how long they take",
            "Left: 6,000 times of one person, and the share of answers done by then. Right: times on easy items and on hard ones.",
            lambda each: latency.portrait(each, chance, nature),
        ),
        Wall(
            "change",
            "Changes: what work does to them",
            "Two hundred people, hired at an accuracy of .8 and 30 seconds an answer, work through four sessions of 60 answers.",
            lambda each: change.portrait(each, chance),
        ),
        Wall(
            "saying",
            "Says: a label, or more",
            "Somebody of middling ability answers 8,000 items. Left: whether their confidence can be believed, where the true "
            "class is in their ranking, or what becomes of the answers. Right: what they answer of easy items and of hard ones.",
            lambda each: saying.portrait(each, chance, nature),
        ),
        Wall(
            "availability",
            "Availability: when they are there",
            "A week of people who would do an answer a minute. Left: twelve of them, and when they are there. Right: what forty of "
            "them get done.",
            lambda each: availability.portrait(each, chance),
        ),
        Wall(
            "social",
            "Social: in company",
            "Committees of five, each of whom is right with probability .7 and says a label, hear the others and their reasons, "
            "round by round. Left: how often a member and their majority are right, with 95 % intervals. Middle: how often they "
            "agree, and change. Right: 41 people say how probable they hold the true class, from 0 to 1, and all hear all.",
            lambda each: social.portrait(each, chance, nature),
        ),
        Wall(
            "distribution",
            "Distributions: how people differ",
            "Any numeric dial may be a distribution over people: each draws their own value when they are hired.",
            lambda each: distribution.portrait(each, chance),
        ),
    ]
