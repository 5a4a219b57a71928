"""The page of a calibration: figures and pictures of a fitted crowd beside the real one, as a report."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from scenarios.aggregation.names import printable
from scenarios.crowds import pictures
from scenarios.crowds.calibration import Calibrated
from scenarios.crowds.sampled import Sampled, sample
from scenarios.crowds.summary import facts_of, quantiles
from scenarios.gallery.frame import Drawing, framed
from scenarios.header import PARLEY_VERSION
from scenarios.replacement import replacement
from scenarios.report.document import Picture, Report, Section, Table
from scenarios.report.html import html_of


def write_page(name: str, found: Calibrated, seed: int, path: Path) -> None:
    """Write the page of a calibration.

    Args:
        name: what the answers are called.
        found: the calibration.
        seed: of what is drawn for its pictures.
        path: the file.

    Raises:
        BadInput: it cannot be written.
    """
    content = html_of(report_of_crowd(name, found, sample(found, seed)))
    with replacement(path) as file:
        file.write(content.encode())


def report_of_crowd(name: str, found: Calibrated, sampled: Sampled) -> Report:
    """Return the report of a calibration.

    Args:
        name: what the answers are called.
        found: the calibration.
        sampled: what its people answer to the tasks of the log.
    """
    facts = Table("", ("of the crowd", "as fitted"), tuple(facts_of(found)))
    families = () if found.times is None else (_families(found),)
    return Report(
        f"{printable(name)}: a crowd of {len(found.crowd.people):,}",
        f"Fitted by Parley {PARLEY_VERSION}; `parley fidelity` says how well it predicts items that it has not seen.",
        tuple(_findings(found, sampled)),
        tuple(f"Not learnt: {printable(each)}." for each in found.lacking),
        (Section("The crowd", (), (facts,)), *sections(found, sampled), *families),
    )


def _findings(found: Calibrated, sampled: Sampled) -> Iterator[str]:
    """Yield what was found, in words."""
    right, fidelity = quantiles(found.accuracy), sampled.fidelity
    yield (
        f"Half of the people are right in {right['p50']:.0%} of their answers or more, one in twenty in fewer than "
        f"{right['p5']:.0%}, and one in twenty in more than {right['p95']:.0%}."
    )
    if fidelity is not None:
        yield (
            f"How often a majority is right, the fitted crowd tells to within {fidelity.curve_mae:.2f} points in the mean, and "
            f"{fidelity.curve_worst:.2f} at worst, on the answers that it was fitted to."
        )


def sections(found: Calibrated, sampled: Sampled) -> Iterator[Section]:
    """Yield the parts of the page that have pictures."""
    if sampled.fidelity is not None:
        yield _votes(sampled)
        yield Section(
            "People", ("How accuracies are spread over people with five answers or more.",), tuple(_people(found, sampled))
        )
    else:
        said = "Nothing says what is true: accuracies are by what the crowd itself makes of the items."
        yield Section("Items and people", (said,), (_alike(sampled), *_people(found, sampled)))
    yield Section("Confusion", ("What all answers together take for what.",), (_confusion(found),))
    if found.times is not None:
        yield Section("Work times", (), tuple(_times(found, sampled)))
    if found.sessions is not None:
        yield Section("Sessions", (), tuple(_sessions(found)))


def _picture(name: str, caption: str, alt: str, drawing: Drawing) -> Picture:
    return Picture(name, caption, lambda: framed(drawing, width=4.4, height=3.1), alt)


def _votes(sampled: Sampled) -> Section:
    fidelity = sampled.fidelity
    assert fidelity is not None
    real, fitted = fidelity.real.curve, fidelity.simulated.curve
    curve = _picture(
        "votes",
        "How often the majority of so many votes is right: 95 % intervals of the real crowd, and between what 19 of 20 simulations "
        f"of the fitted one lie. Off by {fidelity.curve_mae:.2f} points in the mean, {fidelity.curve_worst:.2f} at worst.",
        f"The real crowd goes from {real[0]:.1%} with one vote to {real[-1]:.1%} with {len(real)}, "
        f"the fitted one from {fitted[0]:.1%} to {fitted[-1]:.1%}.",
        lambda axes: pictures.votes(axes, fidelity),
    )
    return Section("Votes", (), (curve, _alike(sampled)))


def _alike(sampled: Sampled) -> Picture:
    said = "are right" if sampled.fidelity is not None else "say what most say"
    real, mean = sampled.alike[0, -1], sampled.alike[1, -1]
    return _picture(
        "items",
        f"How items differ: the share of an item's answers that {said}. Lines: 19 of 20 simulations.",
        f"All answers {said} on {real:.1%} of the items of the real crowd, and on {mean:.1%} of those of the fitted one.",
        lambda axes: pictures.alike(axes, sampled),
    )


def _people(found: Calibrated, sampled: Sampled) -> Iterator[Picture]:
    fidelity, right = sampled.fidelity, quantiles(found.accuracy)
    if fidelity is not None:
        real, fitted = (
            np.median(each.accuracies) if len(each.accuracies) else np.nan for each in (fidelity.real, fidelity.simulated)
        )
        yield _picture(
            "accuracies",
            "The share of people whose accuracy is below; band: 95 % (Dvoretzky, Kiefer and Wolfowitz, 1956).",
            f"The median accuracy is {real:.1%} in the real crowd and {fitted:.1%} in the fitted one.",
            lambda axes: pictures.accuracies(axes, fidelity),
        )
    yield _picture(
        "people",
        "Accuracy beside load. Of whom little is known, what is fitted lies near the rest of the crowd.",
        f"{len(found.crowd.people):,} people; half are right in {right['p50']:.1%} of their answers or more.",
        lambda axes: pictures.people(axes, found),
    )


def _confusion(found: Calibrated) -> Picture:
    kinds = len(found.crowd.classes)
    return _picture(
        "confusion",
        "The share of answers by true class and answer, all people together as often as they answered.",
        f"A matrix of {kinds} true classes by {kinds} answers.",
        lambda axes: pictures.confusion(axes, found),
    )


def _times(found: Calibrated, sampled: Sampled) -> Iterator[Picture]:
    times = found.times
    assert times is not None
    real, fitted = np.median(sampled.real_times), np.median(sampled.simulated_times)
    yield _picture(
        "times",
        f"Real times and simulated ones: the largest distance is {times.distance:.3f}, and of two simulations {times.chance:.3f}. "
        "Band: 95 % (Dvoretzky, Kiefer and Wolfowitz, 1956).",
        f"The median time of an answer is {real:.3g} seconds in the real crowd and {fitted:.3g} in the fitted one.",
        lambda axes: pictures.times(axes, sampled),
    )
    yield _picture(
        "speeds",
        "Everybody's median time beside their accuracy.",
        f"{int((times.answers > 0).sum()):,} people with times.",
        lambda axes: pictures.speeds(axes, found),
    )


def _sessions(found: Calibrated) -> Iterator[Picture]:
    sessions = found.sessions
    assert sessions is not None
    yield _picture(
        "leaving",
        "How many leave after so many answers of a session; band: 95 % intervals.",
        f"A session has {sessions.answers_typical:.0f} answers in the median.",
        lambda axes: pictures.leaving(axes, found),
    )
    if found.log.midnight is not None:
        yield _picture(
            "hours",
            "At which hours of the day answers are begun.",
            f"Most are begun about {int(np.argmax(sessions.hours))} o'clock.",
            lambda axes: pictures.hours(axes, found),
        )


def _families(found: Calibrated) -> Section:
    times = found.times
    assert times is not None
    every = {each.name: each.aic for each in times.families}
    within = {each.name: each.aic for each in times.within}
    # A family that is of the times of one person on one item only stands first, as the better ones do.
    names = [name for name in within if name not in every] + [*every]
    rows = tuple((name, *(f"{known[name]:.3f}" if name in known else "" for known in (every, within))) for name in names)
    table = Table("", ("family", "all times", "of one person on one item"), rows, (1, 2))
    return Section("Families of work times", ("Akaike's criterion an answer; lower is better.",), (table,))
