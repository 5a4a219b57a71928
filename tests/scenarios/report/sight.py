"""How colours look: against each other, and to people who lack one of the three kinds of cones."""

import numpy as np
import numpy.typing as npt

Colour = npt.NDArray[np.float64]

SIGHTS = {
    "all cones": np.eye(3),
    "protanopia": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]),
    "deuteranopia": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]),
    "tritanopia": np.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]),
}
"""What becomes of linear red, green and blue (Machado, Oliveira and Fernandes, 2009, severity 1.0)."""

_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
_WHITE = np.array([0.9505, 1.0, 1.089])


def linear(colour: str) -> Colour:
    """Return red, green and blue of a colour such as #0072b2, as light."""
    value = np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)]) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours (WCAG 2.2), from 1 to 21."""
    low, high = sorted(float(_XYZ[1] @ linear(each)) for each in (one, other))
    return (high + 0.05) / (low + 0.05)


def seen(colour: str, sight: str) -> Colour:
    """Return CIE L*a*b* of a colour as somebody sees it."""
    ratio = _XYZ @ np.clip(SIGHTS[sight] @ linear(colour), 0, 1) / _WHITE
    root = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])


def difference(one: Colour, other: Colour) -> float:
    """Return how different two colours of CIE L*a*b* look: CIEDE2000 (Sharma, Wu and Dalal, 2005)."""
    mean = np.hypot(*np.array([one[1:], other[1:]]).T).mean()
    stretch = 1.5 - 0.5 * np.sqrt(mean**7 / (mean**7 + 25**7))
    (light, red, blue), (light2, red2, blue2) = one, other
    chroma, chroma2 = np.hypot(stretch * red, blue), np.hypot(stretch * red2, blue2)
    hue, hue2 = (np.degrees(np.arctan2(b, stretch * a)) % 360 for a, b in ((red, blue), (red2, blue2)))
    # A grey has no hue: it takes the other's.
    hue, hue2 = (hue2 if chroma == 0 else hue), (hue if chroma2 == 0 else hue2)
    turn = (hue2 - hue + 180) % 360 - 180
    middle, lightness, colour = (hue + turn / 2) % 360, (light + light2) / 2, (chroma + chroma2) / 2
    terms = ((-0.17, 1, -30), (0.24, 2, 0), (0.32, 3, 6), (-0.2, 4, -63))
    weight = 1 + sum(part * np.cos(np.radians(times * middle + by)) for part, times, by in terms)
    by_light = (light2 - light) / (1 + 0.015 * (lightness - 50) ** 2 / np.sqrt(20 + (lightness - 50) ** 2))
    by_chroma = (chroma2 - chroma) / (1 + 0.045 * colour)
    by_hue = 2 * np.sqrt(chroma * chroma2) * np.sin(np.radians(turn / 2)) / (1 + 0.015 * colour * weight)
    around = np.sin(np.radians(60 * np.exp(-(((middle - 275) / 25) ** 2)))) * 2 * np.sqrt(colour**7 / (colour**7 + 25**7))
    return float(np.sqrt(by_light**2 + by_chroma**2 + by_hue**2 - around * by_chroma * by_hue))
