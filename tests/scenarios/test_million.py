"""A million items, read and parted within memory."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

ROOT = Path(__file__).parents[2]
ITEMS = 1_000_000

SOURCES = {
    "synthetic": f"Synthetic(items={ITEMS})",
    "npz": "Npz(path='data.npz', standardise=True)",
    "csv": "Csv(path='data.csv', truth='y', standardise=True)",
    "jsonl": "Jsonl(path='data.jsonl', truth='y', standardise=True)",
    "parquet": "Parquet(path='data.parquet', truth='y', standardise=True)",
}

BUILD = """
import resource, sys
from pathlib import Path
from bus.chance import Chance
from scenarios.sources import Csv, Jsonl, Npz, Parquet, Synthetic
from scenarios.world import build_world
world = build_world({source}, Chance(7), Path(sys.argv[1]), learner=True)
assert (len(world.items), world.held_out.shape) == (700_000, (300_000, 20))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10)
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("million")
    features = np.sin(np.arange(ITEMS * 20, dtype=np.float64)).reshape(ITEMS, 20)
    truth = np.arange(ITEMS) % 3
    np.savez(folder / "data.npz", features=features, truth=truth)
    pq.write_table(pa.table({**{f"x{place}": features[:, place] for place in range(20)}, "y": truth}), folder / "data.parquet")
    names = [f"x{place}" for place in range(20)]
    with (folder / "data.csv").open("w") as csv, (folder / "data.jsonl").open("w") as jsonl:
        csv.write(",".join(names) + ",y\n")
        for row in range(ITEMS):
            cells = [f"{number:.5f}" for number in features[row].tolist()]
            csv.write(f"{','.join(cells)},{row % 3}\n")
            jsonl.write(f'{{"x":[{",".join(cells)}],"y":{row % 3}}}\n')
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("source", SOURCES)
def test_a_million_items_of_twenty_features_are_never_in_memory_three_times(folder: Path, source: str) -> None:
    program = BUILD.replace("{source}", SOURCES[source])
    result = subprocess.run([sys.executable, "-c", program, folder], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    # 160 MB of numbers, twice while they are parted; what is imported takes 200 MB, and ids and truth as much.
    assert int(result.stdout) < 1100
