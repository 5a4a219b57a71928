"""The `parley` command: all its commands, in the order in which people meet them."""

import signal

import typer

from scenarios.commands import (
    aggregate,
    answers,
    calibrate,
    campaigns,
    choices,
    compare,
    export,
    fidelity,
    history,
    logs,
    plan,
    report,
    study,
    whatif,
)

app = typer.Typer(
    help="Simulate labelling campaigns: a learner, a selector, annotators who err and take their time, and a coordinator.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.command()(campaigns.run)
app.command()(campaigns.check)
app.command()(study.study)
app.command()(compare.compare)
app.command()(plan.plan)
app.command(name="list")(choices.list_components)
app.command()(choices.gallery)
app.command()(choices.schema)
app.command(name="import")(answers.import_answers)
app.command()(aggregate.aggregate)
app.command()(calibrate.calibrate)
app.command()(fidelity.fidelity)
app.command()(history.replay)
app.command()(history.state)
app.command()(logs.verify)
app.command()(logs.resume)
app.command()(whatif.whatif)
app.command()(report.report)
app.command()(export.export)


def main() -> None:
    """Run the command."""
    # Whoever reads our output may have had enough, as `head` has: that ends us quietly, as it ends any other command.
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    app()
