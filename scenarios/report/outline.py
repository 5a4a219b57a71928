"""Outlines: the paths of figures in few letters."""

import re

_LONG = 60
"""Corners from which on a path is told to a tenth of a point, and not to a hundredth."""

_CORNERS = {"M": 1, "L": 1, "Q": 2, "C": 3}
"""Points that a command takes."""

_PART = re.compile(r"[A-Za-z]|-?[\d.]+(?:e-?\d+)?")

_Point = tuple[int, int]


def outline(path: str) -> str:
    """Return a path as SVG has it in few letters: by steps from corner to corner, each from where the one before has come to.

    Args:
        path: of the commands M, L, Q, C and z; of any other it is returned as it is.
    """
    parts = _PART.findall(path)
    letters = {part for part in parts if part.isalpha()}
    if not letters <= {*_CORNERS, "z"}:
        return path
    # Curves may be very small.
    digits = 1 if len(parts) > 3 * _LONG and not letters & {"Q", "C"} else 2
    written, at, start, place = [], (0, 0), (0, 0), 0
    while place < len(parts):
        command, count = parts[place], _CORNERS.get(parts[place], 0)
        points = [_point(parts[place + 1 + 2 * each :], digits) for each in range(count)]
        place += 1 + 2 * count
        written.append(_step(command, at, points, digits, len(parts) > 9))
        at = points[-1] if points else start
        start = at if command == "M" else start
    return "".join(_joined([each for each in written if each]))


def _point(parts: list[str], digits: int) -> _Point:
    return round(float(parts[0]) * 10**digits), round(float(parts[1]) * 10**digits)


def _step(command: str, at: _Point, points: list[_Point], digits: int, several: bool) -> str:
    """Return a command; of a line that goes nowhere nothing, if it is one of several: alone it may be a dot."""
    if command == "L":
        x, y = points[0][0] - at[0], points[0][1] - at[1]
        if x and y:
            return f"l{_numbers([x, y], digits)}"
        if x or y:
            return f"h{_number(x, digits)}" if x else f"v{_number(y, digits)}"
        return "" if several else "h0"
    if command == "M":
        return f"M{_numbers([*points[0]], digits)}"
    return f"{command.lower()}{_numbers([each - here for point in points for each, here in zip(point, at, strict=True)], digits)}"


def _joined(steps: list[str]) -> list[str]:
    """Return steps in which a letter that was there before is not repeated."""
    found: list[str] = []
    letter = ""
    for step in steps:
        same = step[0] == letter and letter != "M"
        found.append((step[1:] if step[1] == "-" else f" {step[1:]}") if same else step)
        letter = step[0] if step[0] != "z" else ""
    return found


def _numbers(values: list[int], digits: int) -> str:
    return " ".join(_number(value, digits) for value in values).replace(" -", "-")


def _number(value: int, digits: int) -> str:
    whole, rest = divmod(abs(value), 10**digits)
    after = f"{rest:0{digits}}".rstrip("0")
    text = f"{whole or (0 if not after else '')}" + (f".{after}" if after else "")
    return f"-{text}" if value < 0 else text
