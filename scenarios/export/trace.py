"""Traces in the Trace Event Format (JSON), as the Perfetto viewer and Chrome open them, written as they come.

Instants are nanoseconds here. The file has them in microseconds, with a fraction where there is one.
"""

from collections.abc import Mapping
from typing import Any, BinaryIO

from pydantic_core import to_json

PROCESS = 1
"""The number of the one process. It is no thread's, which the viewer would take for the main one."""

_LINES_AT_ONCE = 4096

Args = Mapping[str, Any]
"""What the viewer shows of something that is selected."""


class Trace:
    """A trace that is being written.

    Args:
        file: where to.
        process: what the process is called.
    """

    def __init__(self, file: BinaryIO, process: str) -> None:
        self._file = file
        self._lines: list[str] = []
        file.write(b'{"traceEvents":[\n' + _metadata("process_name", PROCESS, {"name": process}).encode())

    def close(self, about: Args) -> None:
        """Write what is left, and what there is to know about the trace."""
        self._write()
        self._file.write(b'\n],\n"otherData":' + to_json(about) + b"\n}\n")

    def thread(self, tid: int, name: str, rank: int) -> None:
        """Name a thread, and say where it stands among the others."""
        self._add(_metadata("thread_name", tid, {"name": name}))
        self._add(_metadata("thread_sort_index", tid, {"sort_index": rank}))

    def slice(self, tid: int, name: str, category: str, start: int, end: int, args: Args) -> None:
        """Write what lasts from `start` until just before `end`. On one thread, slices are disjoint, or one is within the other."""
        self._add(
            f'{{"ph":"X","name":{_json(name)},"cat":"{category}","pid":1,"tid":{tid},"ts":{_us(start)},"dur":{_us(end - start)},'
            f'"args":{_json(args)}}}'
        )

    def instant(self, tid: int, name: str, category: str, at: int, args: Args) -> None:
        """Write a moment of a thread."""
        self._add(
            f'{{"ph":"i","name":{_json(name)},"cat":"{category}","pid":1,"tid":{tid},"ts":{_us(at)},"s":"t","args":{_json(args)}}}'
        )

    def sent(self, flow: int, tid: int, at: int) -> None:
        """Begin an arrow, in the innermost slice that lasts at that instant."""
        self._add(f'{{"ph":"s","name":"message","cat":"message","id":{flow},"pid":1,"tid":{tid},"ts":{_us(at)}}}')

    def arrived(self, flow: int, tid: int, at: int) -> None:
        """Let an arrow end, in the innermost slice that lasts at that instant; it may end in many."""
        self._add(f'{{"ph":"f","bp":"e","name":"message","cat":"message","id":{flow},"pid":1,"tid":{tid},"ts":{_us(at)}}}')

    def begin(self, category: str, key: int | str, name: str, tid: int, at: int, args: Args) -> None:
        """Begin what belongs to no thread: its moments, and its end, are found by its category and key."""
        self._nestable("b", category, key, name, tid, at, args)

    def mark(self, category: str, key: int | str, name: str, tid: int, at: int, args: Args) -> None:
        """Write a moment of what belongs to no thread."""
        self._nestable("n", category, key, name, tid, at, args)

    def end(self, category: str, key: int | str, name: str, tid: int, at: int, args: Args) -> None:
        """End what belongs to no thread, and was begun under the same name."""
        self._nestable("e", category, key, name, tid, at, args)

    def count(self, name: str, tid: int, at: int, values: Mapping[str, float]) -> None:
        """Write what counters show from an instant on; each is called by `name` and its key."""
        self._add(f'{{"ph":"C","name":{_json(name)},"pid":1,"tid":{tid},"ts":{_us(at)},"args":{_json(values)}}}')

    def _nestable(self, phase: str, category: str, key: int | str, name: str, tid: int, at: int, args: Args) -> None:
        self._add(
            f'{{"ph":"{phase}","cat":"{category}","id":{_json(key)},"name":{_json(name)},"pid":1,"tid":{tid},"ts":{_us(at)},'
            f'"args":{_json(args)}}}'
        )

    def _add(self, line: str) -> None:
        self._lines.append(line)
        if len(self._lines) >= _LINES_AT_ONCE:
            self._write()

    def _write(self) -> None:
        self._file.write("".join([",\n" + line for line in self._lines]).encode())
        self._lines.clear()


def _metadata(name: str, tid: int, args: Args) -> str:
    return f'{{"ph":"M","name":"{name}","pid":{PROCESS},"tid":{tid},"args":{_json(args)}}}'


def _us(nanoseconds: int) -> str:
    whole, rest = divmod(nanoseconds, 1000)
    return f"{whole}.{rest:03d}" if rest else str(whole)


def _json(value: object) -> str:
    return to_json(value).decode()
