"""What people see of a run."""

from scenarios.display import draw_curve
from scenarios.summary import Point


def point(labels: int, accuracy: float) -> Point:
    return Point(labels, accuracy, accuracy, 1.0, 0.0, 0.0)


def test_a_curve_whose_labels_became_fewer_is_drawn_by_the_last_model_at_each_number_of_labels() -> None:
    there_and_back = [point(10, 0.5), point(20, 0.1), point(30, 0.8), point(20, 0.6)]
    assert draw_curve(there_and_back).plain == draw_curve([point(10, 0.5), point(20, 0.6), point(30, 0.8)]).plain
