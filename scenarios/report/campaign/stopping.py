"""Stop rules: when each fired, and what stopping then cost."""

from scenarios.report.campaign.drawing import worded
from scenarios.report.campaign.evidence import Evidence
from scenarios.report.campaign.wording import counts, listed, money, percent, span
from scenarios.report.document import Section, Table
from scenarios.stopping import Advised


def stopping(evidence: Evidence) -> Section | None:
    """Return the section, or None where there is no stop rule."""
    advised, never = evidence.summary.advised, evidence.summary.not_reached
    if not advised and not never:
        return None
    says = []
    if never:
        names = listed([worded(each) for each in never])
        says.append(f"{names} never fired." if advised else f"No rule fired: {names}.")
    best = evidence.summary.best
    if best is not None and advised:
        says.append(
            f"The best accuracy of the campaign was {percent(best.accuracy)}; {counts(best.close, 'label')} first came within one "
            "point of it. Overshoot is what was spent beyond that; below zero, the rule fired before."
        )
    if not advised:
        return Section("Stop rules", tuple(says))
    head = ("rule", "labels", "money", "time", "accuracy then", "below the best", "labels overshot", "money overshot")
    rows = tuple(_row(each, evidence.counted) for each in advised)
    return Section(
        "Stop rules", tuple(says), (Table("What stopping by each rule would have cost.", head, rows, tuple(range(1, 8))),)
    )


def _row(each: Advised, counted: bool) -> tuple[str, ...]:
    loss = "-" if each.loss is None else f"{100 * each.loss:.1f} points"
    overshoot = "-" if each.overshoot is None else f"{each.overshoot:+,}"
    cost = "-" if each.overshoot_cost is None else f"{each.overshoot_cost:+,.2f}"
    accuracy = "-" if each.accuracy is None else percent(each.accuracy)
    return (worded(each.rule), f"{each.labels:,}", money(each.cost), span(each.seconds, counted), accuracy, loss, overshoot, cost)
