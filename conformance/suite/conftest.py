"""Turns cases into pytest items, and their findings into pytest's outcomes."""

from __future__ import annotations

import io
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pytest

from conformance import outlets
from conformance.drawing.corpus import CorpusError
from conformance.host.errors import HostError
from conformance.model import Case, Finding, Level, Verdict, area_named, cases_of
from conformance.preflight.preflight import PreflightError
from conformance.recording.cassette import CassetteError
from conformance.registry import all_checks
from conformance.report.matrix import print_matrix
from conformance.report.screen import Screen
from conformance.report.text import unbroken, visible
from conformance.running.engine import Bug, Outcome
from conformance.session.session import Session
from conformance.session.settings import LiveSettings
from conformance.suite.conclusion import CUT, SESSION, TOLD
from conformance.suite.junit import properties, suite_properties
from conformance.suite.progress import ProgressLine
from conformance.suite.settings import settings_of
from conformance.suite.wording import unobserved
from conformance.target import TargetError

#: Writes a property of the whole suite into JUnit's XML; does nothing where there is none.
RECORD = pytest.StashKey[Callable[[str, object], None]]()

#: What is wrong with the call or its surroundings, each told in one sentence.
WRONG_CALL = (
    TargetError, CassetteError, CorpusError, HostError, PreflightError, OSError, pytest.UsageError,
)  # fmt: skip


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    cases = [case for case in cases_of(all_checks()) if _is_wanted(case, metafunc.config)]
    metafunc.parametrize("finding", [_param(case) for case in cases], indirect=True)


def _param(case: Case) -> object:
    area = getattr(pytest.mark, area_named(case.check.area).mark)
    level = getattr(pytest.mark, case.check.level.lower())
    return pytest.param(case, id=case.id, marks=(area, level))


def _is_wanted(case: Case, config: pytest.Config) -> bool:
    wanted = [area_named(name).id for name in config.getoption("--conformance-area")]
    if wanted and case.check.area not in wanted:
        return False
    return list(Level).index(case.check.level) <= list(Level).index(_lowest(config))


def _lowest(config: pytest.Config) -> Level:
    return Level(str(config.getoption("--conformance-level") or Level.MAY).upper())


@pytest.fixture(scope="session")
def conformance_session(
    request: pytest.FixtureRequest, record_testsuite_property: Callable[[str, object], None]
) -> Iterator[Session]:
    """The run of all selected cases; it begins with the first of them."""
    config = request.config
    config.stash[RECORD] = record_testsuite_property
    cases = [case for item in request.session.items for case in _case_of(item)]
    try:
        settings = settings_of(config)
        if isinstance(settings, LiveSettings) and hasattr(config, "workerinput"):
            _leave(
                config,
                "run without -n: the suite sends its requests concurrently by itself, "
                "and every worker would send all of them",
            )
        progress = ProgressLine(len(cases)) if config.getoption("--conformance-progress") else None
        session = Session(settings, cases, progress.heard if progress else _ignore)
        config.stash[SESSION] = session
        with _cut(config):
            session.prepare()
        if session.notice:
            print(unbroken(f"vision-conformance: {session.notice}"), file=sys.stderr, flush=True)
        session.begin()
    except WRONG_CALL as error:
        if SESSION in config.stash:
            del config.stash[SESSION]
        _leave(config, _words(error))
    yield session
    if progress:
        progress.close()


def _tell(config: pytest.Config, sentence: str) -> None:
    """What ended the run, on standard error; what follows from it is not told."""
    if config.stash.get(TOLD, "") == "":
        print(unbroken(f"vision-conformance: {sentence}"), file=sys.stderr, flush=True)
    config.stash[TOLD] = sentence


def _words(error: Exception) -> str:
    if not isinstance(error, OSError) or error.strerror is None:
        return str(error)
    return f"{error.filename or 'a file of the run'}: {error.strerror}"


@pytest.fixture(scope="session")
def vcr_markers() -> list[pytest.Mark]:
    """Of pytest-recording: no case is marked, for the engine reads and writes the cassettes."""
    return []


@pytest.fixture(autouse=True, scope="session")
def vcr() -> None:
    """Of pytest-recording, which would look at each case for a cassette of its own."""


def _ignore(_: Outcome) -> None:
    """Nobody watches."""


def _case_of(item: pytest.Item) -> list[Case]:
    """The case of an item, in a list; none where the item is somebody else's test."""
    callspec = getattr(item, "callspec", None)
    case = callspec.params.get("finding") if callspec else None
    return [case] if isinstance(case, Case) else []


@pytest.fixture
def finding(request: pytest.FixtureRequest, conformance_session: Session) -> Finding:
    """The finding of one case. What could not be observed is an error, not a failure."""
    case: Case = request.param
    try:
        with _cut(request.config):
            outcome = conformance_session.outcome(case)
    except WRONG_CALL as error:
        _leave(request.config, _words(error))
    except Exception:
        print(visible(traceback.format_exc()), file=sys.stderr)
        _leave(request.config, "the suite itself failed, as told above; please report it")
    if isinstance(outcome, Bug):
        if isinstance(outcome.error, WRONG_CALL):
            _leave(request.config, _words(outcome.error))
        # Many cases may share one: each raises it from where it was, not from the case before.
        raise outcome.error.with_traceback(outcome.raised_at)
    _note(request.node, outcome)
    if outcome.verdict is Verdict.UNOBSERVED:
        pytest.fail(unobserved(outcome), pytrace=False)
    return outcome


def _cut(config: pytest.Config) -> AbstractContextManager[None]:
    """What may take long, and may be cut off."""
    return config.stash.get(CUT, nullcontext)()


def _note(item: pytest.Item, finding: Finding) -> None:
    for name, value in properties(finding):
        item.user_properties.append((name, unbroken(value)))


def _leave(config: pytest.Config, sentence: str) -> None:
    """Ends the run with one sentence, and pytest's status for a wrong call."""
    capture = config.pluginmanager.getplugin("capturemanager")
    if capture is not None:
        capture.suspend_global_capture(in_=True)
    sentence = unbroken(sentence)
    _tell(config, sentence)
    pytest.exit(sentence, returncode=pytest.ExitCode.USAGE_ERROR)


def pytest_keyboard_interrupt(excinfo: pytest.ExceptionInfo[BaseException]) -> None:
    # Where a test file cannot be read, pytest interrupts itself.
    if excinfo.errisinstance(KeyboardInterrupt) and not excinfo.errisinstance(
        pytest.Session.Interrupted
    ):
        _tell_interrupted()


def _tell_interrupted() -> None:
    print("interrupted; writing the report of what was done …", file=sys.stderr, flush=True)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """First of all, for JUnit's XML is written at the end as well."""
    running = session.config.stash.get(SESSION, None)
    if running is None:
        return
    try:
        running.finish(
            interrupted=_ended_early(session, exitstatus) or _is_cut_short(running, session),
            is_given_up=_is_given_up(session),
        )
    except (CassetteError, OSError) as error:
        _tell(session.config, f"the report cannot be written: {_words(error)}")
        session.exitstatus = pytest.ExitCode.USAGE_ERROR
        return
    record = session.config.stash.get(RECORD, None)
    if running.report is not None and record is not None:
        for name, value in suite_properties(running.report):
            record(name, unbroken(value))


def _is_given_up(session: pytest.Session) -> bool:
    """By ``-x`` or by ``--maxfail``: whoever asks again wants to see what has changed."""
    return bool(session.shouldstop) or bool(session.shouldfail)


def _ended_early(session: pytest.Session, exitstatus: int) -> bool:
    """By Ctrl-C, by ``-x`` or by ``--maxfail``."""
    return _is_given_up(session) or exitstatus == pytest.ExitCode.INTERRUPTED


def _is_cut_short(running: Session, session: pytest.Session) -> bool:
    """Waits for what is asked after the last verdict. True where that was interrupted."""
    try:
        with _cut(session.config):
            running.settle()
    except KeyboardInterrupt:
        _tell_interrupted()
        return True
    return False


def pytest_unconfigure(config: pytest.Config) -> None:
    """By now JUnit's XML is written."""
    path = config.getoption("xmlpath", default=None)
    if path and Path(path).is_file():
        outlets.look_over(Path(path))


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    running = config.stash.get(SESSION, None)
    if running is None or running.report is None:
        return
    terminalreporter.section("image input conformance")
    text = io.StringIO()
    print_matrix(running.report, Screen(file=text, width=80))
    terminalreporter.write(text.getvalue())
