"""The command: thin, one function per subcommand, which imports what it needs when it is called."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from conformance import outlets

AREA = click.option("--area", multiple=True, metavar="AREA", help="Judge this area only.")
LEVEL = click.option(
    "--level",
    type=click.Choice(["MUST", "SHOULD", "MAY"], case_sensitive=False),
    default="MAY",
    show_default=True,
    help="The lowest level to judge.",
)
KEYWORD = click.option("-k", "keyword", metavar="EXPRESSION", help="As pytest's -k.")
TARGET = click.option("--target", metavar="FILE", help="A target file (TOML).")
MODEL = click.option("--model", metavar="NAME", help="The model to ask for.")
SECURITY = click.option(
    "--security",
    is_flag=True,
    help="Also send what could do harm, to an endpoint of your own: URLs and redirects that lead "
    "to another port of this machine, paths of files, pictures too large to be taken whole, a "
    "decompression bomb.",
)

_WHOLE, _COUNT, _AMOUNT = click.IntRange(0), click.IntRange(1), click.FloatRange(0)
#: What bounds a run, for `run` and `plan`.
_BUDGET = (
    ("--max-requests", _WHOLE, "N", "Send no more requests than these, retries included."),
    ("--max-tokens", _WHOLE, "N", "Send nothing that could take more tokens than these in all."),
    ("--max-cost", _AMOUNT, "AMOUNT", "The same by the prices of the target file."),
    ("--deadline", _AMOUNT, "SECONDS", "Send nothing after so many seconds, and report."),
    ("--rpm", _COUNT, "N", "At most so many requests in any 60 s."),
    ("--tpm", _COUNT, "N", "At most so many tokens in any 60 s."),
    ("--patience", _AMOUNT, "SECONDS", "Longest wait that the endpoint may ask for (60)."),
)


def budget(command: Any) -> Any:
    """Adds the options that bound a run."""
    for name, kind, metavar, words in reversed(_BUDGET):
        command = click.option(name, type=kind, metavar=metavar, help=words)(command)
    return command


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="vision-conformance")
def main() -> None:
    """Does an OpenAI-compatible endpoint really handle pictures?"""
    outlets.guard_terminal()


@main.command()
@click.option("--base-url", metavar="URL", help="The endpoint; also from OPENAI_BASE_URL.")
@MODEL
@click.option("--api-key-env", metavar="NAME", help="Variable of the key (OPENAI_API_KEY).")
@TARGET
@click.option("--reference", is_flag=True, help="Test the embedded reference endpoint.")
@click.option(
    "--fault",
    metavar="NAME",
    multiple=True,
    help="With --reference: give it this fault; several times for several at once.",
)
@click.option("--out", metavar="DIR", default="out", show_default=True, help="Reports go here.")
@AREA
@KEYWORD
@LEVEL
@click.option("--concurrency", type=click.IntRange(1, 1000), default=16, show_default=True)
@click.option("--timeout", type=click.FloatRange(0.1), default=120.0, show_default=True)
@budget
@click.option(
    "--record-mode",
    type=click.Choice(["none", "once", "new_episodes", "all", "rewrite"]),
    default="rewrite",
    show_default=True,
    help="As pytest-recording; cassettes are in OUT/cassettes.",
)
@click.option("--cassettes", metavar="DIR", help="Cassettes elsewhere than in OUT/cassettes.")
@click.option("--seed", metavar="TEXT", help="Draws the pictures; 'committed' takes those shipped.")
@click.option("--picture-host-bind", metavar="ADDRESS", help="Where the picture host listens.")
@click.option("--picture-host-url", metavar="URL", help="Its address as the endpoint sees it.")
@SECURITY
def run(**options: object) -> None:
    """Test an endpoint, and write the report."""
    _defer_signals()
    from conformance.commands.options import Options
    from conformance.commands.running import run as command

    sys.exit(command(Options(**options)))  # type: ignore[arg-type]


@main.command()
@click.argument("folder", metavar="DIR")
@click.option("--out", metavar="DIR", help="Reports go here (DIR/judged).")
@AREA
@KEYWORD
@LEVEL
def judge(
    folder: str, out: str | None, area: tuple[str, ...], keyword: str | None, level: str
) -> None:
    """Judge a recorded run again, offline."""
    _defer_signals()
    from conformance.commands import rejudging

    sys.exit(rejudging.judge(Path(folder), out, area=area, keyword=keyword, level=level))


@main.command()
@click.argument("reports", metavar="REPORT REPORT...", nargs=-1)
def compare(reports: tuple[str, ...]) -> None:
    """Show the reports of several endpoints side by side: areas, diagnosis, bill."""
    from conformance.commands import comparing

    sys.exit(comparing.compare(reports))


@main.command("list")
@click.option("--markdown", is_flag=True, help="As Markdown, a table for each area.")
@click.option("--faults", is_flag=True, help="The faults of the reference endpoint instead.")
def list_(markdown: bool, faults: bool) -> None:
    """List every check: id, level, sentence, source."""
    from conformance.commands import catalogue

    catalogue.show(markdown=markdown, faults=faults)


@main.command()
@AREA
@LEVEL
@TARGET
@MODEL
@SECURITY
@budget
def plan(
    area: tuple[str, ...],
    level: str,
    target: str | None,
    model: str | None,
    security: bool,
    **bounds: Any,
) -> None:
    """Tell what would be sent. Sends nothing."""
    from conformance.commands import planning

    planned = {"area": area, "level": level, "target": target, "model": model}
    sys.exit(planning.plan(**planned, security=security, bounds=bounds))  # type: ignore[arg-type]


@main.command()
@click.option("--bind", metavar="ADDRESS", default="127.0.0.1:8399", show_default=True)
@click.option("--fd", type=int, hidden=True, help="A socket that listens already.")
@click.option("--plays", metavar="MODEL", default="gpt-4o", show_default=True)
@click.option("--style", metavar="NAME", default="varied", show_default=True)
@click.option(
    "--fault",
    metavar="NAME",
    multiple=True,
    help="Give it this fault; see `list --faults`. Several times for several at once.",
)
@click.option("--latency", type=click.FloatRange(0), default=0.0, help="Seconds before each reply.")
@click.option(
    "--pictures-from",
    metavar="ORIGIN",
    multiple=True,
    help="Fetch pictures from here only, such as http://127.0.0.1:8398 (any port of loopback).",
)
def serve(bind: str, **options: Any) -> None:
    """Run the reference endpoint, to try things by hand."""
    from conformance.commands import serving

    sys.exit(serving.serve(bind, **options))


@main.command()
@click.option("--base-url", metavar="URL", help="The endpoint; also from OPENAI_BASE_URL.")
@MODEL
@click.option("--api-key-env", metavar="NAME", help="Variable of the key (OPENAI_API_KEY).")
@TARGET
@click.option("--chart", metavar="FILE", help="Write the fit as an SVG picture.")
@click.option("--timeout", type=click.FloatRange(0.1), default=120.0, show_default=True)
def fingerprint(base_url: str | None, model: str | None, **options: Any) -> None:
    """Tell from the bill which model really answers, in at most 16 requests."""
    from conformance.commands import fingerprinting

    sys.exit(fingerprinting.fingerprint(base_url, model, **options))


@main.command()
@click.argument("faults", metavar="[FAULT]...", nargs=-1)
@click.option(
    "--fault", metavar="NAME", multiple=True, help="The same; may be given several times."
)
@click.option("--out", metavar="DIR", type=Path, help="Write PROVE.md and COVERAGE.md here.")
def prove(faults: tuple[str, ...], fault: tuple[str, ...], out: Path | None) -> None:
    """Run the suite against faults of the reference endpoint, one by one: is each caught?"""
    from conformance.commands import proving

    sys.exit(proving.prove((*faults, *fault), out=out))


@main.command()
@click.argument("folder", metavar="[DIR]", required=False)
@click.option("--bind", metavar="ADDRESS", default="127.0.0.1:8397", show_default=True)
def host(folder: str | None, bind: str) -> None:
    """Serve the pictures of the run in DIR, to repeat its requests by hand with curl."""
    from conformance.commands import hosting

    sys.exit(hosting.host(folder, bind))


def _defer_signals() -> None:
    """Before what takes time is imported: from here on there is a report to be written."""
    from conformance.commands.stopping import STOPPING

    STOPPING.defer()


if __name__ == "__main__":
    from conformance.commands import surroundings

    surroundings.prepare()
    surroundings.lead(main)
