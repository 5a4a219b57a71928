"""`parley report`: a page of a run or a study, for people."""

import glob
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.progress import Progress

from scenarios.commands.options import Folder, Quiet, Trusted
from scenarios.errors import BadInput
from scenarios.reporting import ERR, OUT, remark, reporting

if TYPE_CHECKING:
    from scenarios.report.document import Report

RunOrStudy = Annotated[
    str,
    typer.Argument(help="An event log, a folder of a study's results, or the name of a study run here.", metavar="RUN_OR_STUDY"),
]
Out = Annotated[
    Path | None,
    typer.Option(help="The file: .html, .pdf, .png or .md; left out, beside the log, or in the folder.", metavar="FILE"),
]
Form = Annotated[str | None, typer.Option("--format", metavar="FORMAT", help="html, pdf, png or md; left out, by the file's name.")]
Figures = Annotated[Path | None, typer.Option(help="Write every figure for papers too, as SVG and PDF.", metavar="DIR")]

_STUDIES = Path("studies")
_HTML = "html"


def report(
    of: RunOrStudy,
    out: Out = None,
    form: Form = None,
    figures: Figures = None,
    trust: Trusted = False,
    folder: Folder = None,
    quiet: Quiet = False,
) -> None:
    """Write a page of a run or a study: what was found, in words, pictures and tables."""
    with reporting():
        source, is_study = _find(of)
        target = _target(source, is_study, out, form, figures)
        with _progress(quiet) as progress:
            found = _read(source, is_study, trust, folder, progress)
            written = _write(found, target, figures, progress)
        for each in found.remarks if not quiet else ():
            remark(each)
        if not quiet:
            OUT.print(f"report: {escape(str(target))}", soft_wrap=True, highlight=False)
            if figures is not None:
                count = sum(path.parent == figures for path in written)
                OUT.print(f"{count:,} figures: {escape(str(figures))}", soft_wrap=True, highlight=False)


def _find(of: str) -> tuple[Path, bool]:
    """Return the log, or the folder or record of a study; and whether it is a study."""
    from scenarios.study.record import RECORD

    path = Path(of)
    if not path.exists() and len(path.parts) == 1 and (_STUDIES / of).is_dir():
        path = _STUDIES / of
    if path.is_dir():
        if not (path / RECORD).exists():
            raise BadInput(f"{path}: this folder holds no study, as there is no {RECORD} in it{_logs_in(path)}")
        return path, True
    if not path.exists():
        raise BadInput(f"{of}: there is no such log or folder{_never_run(of)}")
    if path.suffix.lower() in (".toml", ".py"):
        raise BadInput(
            f"{path}: a report is made of what was run; `parley run` writes a log, and `parley study` a folder of results"
        )
    if not path.is_file():
        raise BadInput(f"{path}: this is no regular file, and a log is read more than once; name a file that holds it")
    with path.open("rb") as file:
        return path, file.read(9) == b'{"study":'


def _logs_in(folder: Path) -> str:
    logs = sorted(each.name for each in folder.glob("*.jsonl"))
    return f"; of its logs, name one: {', '.join(logs[:5])}{' ...' if len(logs) > 5 else ''}" if logs else ""


def _never_run(name: str) -> str:
    """Say what to do about a name: which log is of it, how it is run, or which name is near."""
    from bus.table import nearest
    from scenarios.loading import library

    if len(Path(name).parts) > 1:
        return ""
    if name in {entry.stem for entry in library()}:
        logs = sorted(map(str, Path("logs").glob(f"{glob.escape(name)}-*.jsonl")))
        ran = f"; {'this log is' if len(logs) == 1 else 'these logs are'} of {name}: {', '.join(logs[:5])}" if logs else ""
        return ran or f"; {name} of the library is to be run first, by `parley run` or `parley study`"
    there = sorted(entry.name for entry in _STUDIES.glob("*") if entry.is_dir())
    return f"; of the studies run here, {nearest(name, there)}" if there else ""


def _target(source: Path, is_study: bool, out: Path | None, form: str | None, figures: Path | None) -> Path:
    """Return the file to write, and refuse what cannot be one, before anything is read."""
    from bus.table import nearest
    from scenarios.aggregation.tables import check_target
    from scenarios.report.writing import FORMATS

    if form is not None and form not in FORMATS:
        raise BadInput(f"--format {form}: {nearest(form, [*FORMATS])}")
    suffix = f".{form or _HTML}"
    if out is None:
        folder = source if source.is_dir() else source.parent
        out = folder / f"report{suffix}" if is_study else source.with_suffix(suffix)
    elif form is not None and out.suffix.lower() != suffix:
        raise BadInput(f"--format {form}: {out} ends in {out.suffix or 'nothing'}; leave one of them out, or let them agree")
    check_target("--out", out, source, suffixes=tuple(f".{each}" for each in FORMATS))
    if figures is not None and figures.exists() and not figures.is_dir():
        raise BadInput(f"--figures {figures}: this is a file; name a folder")
    return out


@contextmanager
def _progress(quiet: bool) -> Iterator[Progress]:
    """Show on stderr what is being done, and how far it is."""
    with Progress(console=ERR, transient=True, disable=quiet or not ERR.is_terminal) as progress:
        yield progress


def _read(source: Path, is_study: bool, trust: bool, folder: Path | None, progress: Progress) -> "Report":
    if is_study:
        from scenarios.report.study.report import report_of_study
        from scenarios.study.record import read_results

        task = progress.add_task("reading the results", total=None)
        found = report_of_study(read_results(source))
    else:
        from agents.component import Trust
        from scenarios.report.campaign.report import report_of_log

        task = progress.add_task(f"reading {escape(source.name)}", total=source.stat().st_size)
        found = report_of_log(source, Trust(trust), folder, lambda read: progress.update(task, completed=read))
    progress.remove_task(task)
    return found


def _write(found: "Report", target: Path, figures: Path | None, progress: Progress) -> list[Path]:
    from scenarios.report.files import write_together
    from scenarios.report.writing import files_of

    task = progress.add_task("drawing", total=len(found.pictures) * (1 if figures is None else 2))
    files = files_of(found.watched(lambda: progress.advance(task)), target, figures)
    write_together(files)
    return [*files]
