"""A study of 200 runs: the time that its command takes on two cores, beside the time on one.

Whole commands, from their start to their end, imports, tables and the page among it, in alternation; the median of the ratios
counts. The study varies the quickstart of the library: eight people who label digits, and a model that
asks for what it is least sure of.

    python benchmarks/study.py [--rounds 2]
"""

import argparse
import filecmp
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

DEMAND = 0.55

STUDY = """
name = "noise"
scenario = "quickstart"
seeds = 25
[vary]
stop = [{ labels = 600 }]
"annotators.crowd.noise.accuracy" = [0.6, 0.7, 0.8, 0.9]
"coordination.policy" = [{ kind = "majority", size = 1 }, { kind = "majority", size = 3 }]
"""


def command(study: Path, out: Path, jobs: int) -> float:
    """Return the seconds that a whole command takes."""
    main = "from scenarios.cli import main; main()"
    arguments = [sys.executable, "-c", main, "study", str(study), "--jobs", str(jobs), "--out", str(out), "--quiet"]
    began = time.perf_counter()
    subprocess.run(arguments, check=True)
    return time.perf_counter() - began


def main() -> None:
    """Measure, and print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=2)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        study = Path(folder) / "study.toml"
        study.write_text(STUDY, encoding="utf-8")
        outs = {jobs: Path(folder) / str(jobs) for jobs in (1, 2)}
        times = [{jobs: command(study, out, jobs) for jobs, out in outs.items()} for _ in range(rounds)]
        same = all(filecmp.cmp(outs[1] / name, outs[2] / name, shallow=False) for name in ("results.csv", "results.parquet"))
    for each in times:
        print(f"200 runs: {each[1]:6.1f} s on one core, {each[2]:6.1f} s on two, ratio {each[2] / each[1]:.3f}")
    ratio = statistics.median(each[2] / each[1] for each in times)
    verdict = "met" if ratio <= DEMAND and same else "missed"
    print(f"ratio {ratio:.3f} (demanded: {DEMAND} at most), tables {'the same' if same else 'different'}: {verdict}")


if __name__ == "__main__":
    main()
