"""Chance: named random streams, and luck that depends on nothing but its key.

Two needs, two means. What is drawn one after another (a shuffle, a synthetic data set) comes from a stream with a name. What
must be the same in every run that asks the same question (how a person answers an item, how long they take) is keyed: a pure
function of the run's seed and the key, whatever else was drawn before, and whoever else takes part.
"""

import math
from hashlib import blake2b
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

MASK = 2**64 - 1
# The golden gamma of SplitMix64, and the constants of its finaliser (variant 13 of Stafford's mixers).
GAMMA = 0x9E3779B97F4A7C15
MIX_1 = 0xBF58476D1CE4E5B9
MIX_2 = 0x94D049BB133111EB

_STEP = 2.0**-53

Key = int | str
_inverse_normal = NormalDist().inv_cdf


def mix(bits: int) -> int:
    """Scramble 64 bits, one to one: the finaliser of SplitMix64 (Steele, Lea and Flood, 2014)."""
    bits = ((bits ^ (bits >> 30)) * MIX_1) & MASK
    bits = ((bits ^ (bits >> 27)) * MIX_2) & MASK
    return bits ^ (bits >> 31)


def word_key(words: tuple[str, ...], seed: int = 0) -> int:
    """Return 64 bits for a seed and a name of several words (BLAKE2b, RFC 7693).

    Words are joined with their lengths, so that ("ab", "c") and ("a", "bc") differ.
    """
    text = "".join(f"{len(word)}:{word}" for word in words)
    return int.from_bytes(blake2b(text.encode(), digest_size=8, key=seed.to_bytes(16, "little")).digest(), "little")


def number_of(key: Key) -> int:
    """Return an item's id as 64 bits: a number as it is, a text by its hash."""
    return key & MASK if isinstance(key, int) else word_key((key,))


class Luck:
    """A short sequence of draws with a key: SplitMix64 started at the key's hash.

    Drawing is cheap (0.5 us) and exact: it uses whole numbers up to the last step, so that it is the same with every version of
    Python and NumPy.
    """

    __slots__ = ("_state",)

    def __init__(self, state: int) -> None:
        self._state = state

    def bits(self) -> int:
        """Draw 64 bits."""
        # mix(), written out: a call more would be a third of the cost.
        self._state = bits = (self._state + GAMMA) & MASK
        bits = ((bits ^ (bits >> 30)) * MIX_1) & MASK
        bits = ((bits ^ (bits >> 27)) * MIX_2) & MASK
        return bits ^ (bits >> 31)

    def uniform(self) -> float:
        """Draw a number strictly between 0 and 1: an odd multiple of 2**-53, so that nothing is rounded."""
        # bits(), written out once more, for the same reason.
        self._state = bits = (self._state + GAMMA) & MASK
        bits = ((bits ^ (bits >> 30)) * MIX_1) & MASK
        bits = ((bits ^ (bits >> 27)) * MIX_2) & MASK
        return (((bits ^ (bits >> 31)) >> 11) | 1) * _STEP

    def normal(self) -> float:
        """Draw from the standard normal distribution, by inversion: one uniform a draw, growing with it."""
        return _inverse_normal(self.uniform())

    def exponential(self) -> float:
        """Draw from the exponential distribution of mean 1, by inversion."""
        return -math.log(self.uniform())

    def below(self, count: int) -> int:
        """Draw a whole number from 0 to `count` - 1, each as likely to within 2**-52."""
        return int(self.uniform() * count)


class Keyed:
    """The luck of one name: a person's answers, a person's working times, the ties of a vote.

    Draws depend on the run's seed, the name, the item and the attempt, and on nothing else. SplitMix64 is splittable: the
    name's key and the item choose a generator, and the attempt chooses where it starts, 2**32 draws apart.
    """

    __slots__ = ("_key",)

    def __init__(self, seed: int, *words: str) -> None:
        self._key = word_key(words, seed)

    def luck(self, item: Key, attempt: int = 0) -> Luck:
        """Return the draws for an item and an attempt (the how-manieth time the question is put, from 0)."""
        number = item if type(item) is int else number_of(item)
        bits = (self._key + GAMMA * (number + 1)) & MASK
        bits = ((bits ^ (bits >> 30)) * MIX_1) & MASK
        bits = ((bits ^ (bits >> 27)) * MIX_2) & MASK
        bits ^= bits >> 31
        return Luck((bits + GAMMA * (attempt << 32)) & MASK if attempt else bits)

    def uniforms(self, items: NDArray[np.uint64]) -> NDArray[np.float64]:
        """Return what `luck(item).uniform()` gives for each of `items` (an array of `number_of` keys), at once."""
        with np.errstate(over="ignore"):
            states = _mix_array((items + np.uint64(1)) * np.uint64(GAMMA) + np.uint64(self._key)) + np.uint64(GAMMA)
            return ((_mix_array(states) >> np.uint64(11)) | np.uint64(1)).astype(np.float64) * _STEP

    def generator(self, *numbers: int) -> np.random.Generator:
        """Return a generator (PCG64) whose draws depend on the run's seed, the name and these numbers, each 0 or more."""
        return np.random.Generator(np.random.PCG64(np.random.SeedSequence(entropy=self._key, spawn_key=numbers)))


class Chance:
    """All the randomness of a run.

    Args:
        seed: the seed of the run, 0 or more, below 2**64.
    """

    def __init__(self, seed: int) -> None:
        if not 0 <= seed <= MASK:
            raise ValueError(f"a seed is a whole number from 0 to 2**64 - 1, but it is {seed!r}")
        self.seed = seed
        self._streams: dict[tuple[str, ...], np.random.Generator] = {}

    def stream(self, *words: str) -> np.random.Generator:
        """Return the stream of that name, a PCG64 (O'Neill, 2014); the same name is the same stream, going on.

        Its seed comes from the words and not from the order in which streams are asked for: a new stream moves no other.
        """
        if words not in self._streams:
            if any("/" in word for word in words):
                raise ValueError(f"a stream's words hold no slash, which joins them in the unseed: {words!r}")
            seeds = np.random.SeedSequence(entropy=self.seed, spawn_key=(word_key(words, self.seed),))
            self._streams[words] = np.random.Generator(np.random.PCG64(seeds))
        return self._streams[words]

    def keyed(self, *words: str) -> Keyed:
        """Return the luck of that name."""
        return Keyed(self.seed, *words)

    def unseed(self) -> dict[str, int]:
        """Draw once more from every stream, and return the draws by name.

        Runs that end with equal unseeds drew alike: the cheap check that FoundationDB's simulator introduced.
        """
        return {"/".join(words): int(self._streams[words].bit_generator.random_raw()) for words in sorted(self._streams)}


def _mix_array(bits: NDArray[np.uint64]) -> NDArray[np.uint64]:
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(MIX_1)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(MIX_2)
    return bits ^ (bits >> np.uint64(31))
