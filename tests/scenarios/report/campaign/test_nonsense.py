"""Whatever a log holds under right checksums, it has a report, or it is said what is wrong with it, and where."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bus.replay import CorruptLog
from scenarios.report.campaign.report import report_of_log
from tests.scenarios import fuzz
from tests.scenarios.logs import lines_of
from tests.scenarios.report.campaign.runs import log_of

quick = settings(max_examples=15, deadline=None, suppress_health_check=[*HealthCheck])
thorough = settings(max_examples=400, deadline=None, suppress_health_check=[*HealthCheck])


def read(data: st.DataObject, folder: Path, header: bool) -> None:
    """Draw nonsense, and have a report made of it."""
    lines = lines_of(log_of(data.draw(st.sampled_from(["negotiation", "choosing", "revisions"]))))
    content, _ = data.draw(fuzz.nonsense(lines, 0, 0) if header else fuzz.nonsense(lines, 1, len(lines) - 1))
    log = folder / "nonsense.jsonl"
    log.write_bytes(content)
    try:
        found = report_of_log(log)
    except CorruptLog as error:
        assert str(error).startswith(str(log))
    else:
        assert found.findings


@quick
@given(st.data())
def test_events_that_make_no_sense(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    read(data, tmp_path_factory.getbasetemp(), header=False)


@quick
@given(st.data())
def test_headers_that_make_no_sense(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    read(data, tmp_path_factory.getbasetemp(), header=True)


@pytest.mark.slow
@thorough
@given(st.data(), st.booleans())
def test_anything_that_makes_no_sense(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, header: bool) -> None:
    read(data, tmp_path_factory.getbasetemp(), header)
