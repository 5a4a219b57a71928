"""`parley verify` and `resume`: logs that run again."""

import typer

from agents.component import Trust
from bus.journal import Diverged
from scenarios import operator
from scenarios.commands.options import AsJson, Folder, LogFile, Quiet, Trusted, Verbose, Watch
from scenarios.reporting import DIFFERENT, ERR, OUT, reporting


def verify(log: LogFile, trust: Trusted = False, folder: Folder = None, verbose: Verbose = 0) -> None:
    """Run a log's campaign again, and say whether it is identical or which line differs first."""
    operator.configure(verbose)
    with reporting():
        from scenarios.commands.running import mention_torn, print_difference, watched
        from scenarios.run import verify as verify_log

        try:
            with watched(not ERR.is_terminal) as watch:
                reader = verify_log(log, Trust(trust), folder, watch)
        except Diverged as difference:
            print_difference(log, difference)
            raise typer.Exit(DIFFERENT) from None
        if reader.footer is None:
            OUT.print("identical as far as it goes: the run did not finish", highlight=False)
        else:
            OUT.print(f"identical: {reader.footer['events']:,} events, digest {reader.footer['digest']}", highlight=False)
        mention_torn(log, reader.torn, "do not count")


def resume(
    log: LogFile,
    trust: Trusted = False,
    folder: Folder = None,
    watch: Watch = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
    verbose: Verbose = 0,
) -> None:
    """Go on with a run that broke off; its log ends as if it never had."""
    operator.configure(-1 if quiet else verbose)
    with reporting():
        from scenarios.commands.running import interruptible, mention_torn, print_difference, print_summary, refuse_both, watched
        from scenarios.run import resume as resume_log

        refuse_both(watch, quiet)
        try:
            with interruptible(as_json, quiet), watched(quiet or as_json, watch) as on_start:
                summary, torn = resume_log(log, Trust(trust), folder, on_start)
        except Diverged as difference:
            print_difference(log, difference)
            raise typer.Exit(DIFFERENT) from None
        mention_torn(log, torn, "were cut off")
        print_summary(summary, as_json, quiet)
