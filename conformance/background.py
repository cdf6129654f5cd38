"""One event loop on a thread of its own, so that pytest can wait for cases one by one."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Future

from conformance.engine import Bug, Sender, judge_all
from conformance.model import Case, Finding, Lab

Outcome = Finding | Bug


class Run:
    """All selected cases under way. ``outcome(id)`` waits; ``stop`` keeps what is done.

    ``heard`` hears of each outcome as it comes; ``settled`` then judges all findings together,
    and only what it returns are the outcomes.
    """

    def __init__(
        self,
        cases: Sequence[Case],
        lab: Lab,
        open_sender: Callable[[], Awaitable[Sender]],
        close_sender: Callable[[Sender], Awaitable[None]],
        *,
        heard: Callable[[Outcome], None] = lambda _: None,
        settled: Callable[[Sequence[Finding]], Sequence[Finding]] = lambda findings: findings,
    ) -> None:
        self._futures: dict[str, Future[Outcome]] = {case.id: Future() for case in cases}
        self._heard = heard
        self._settled = settled
        self._done: dict[str, Outcome] = {}
        self._loop = asyncio.new_event_loop()

        async def work() -> None:
            sender = await open_sender()
            try:
                await judge_all(cases, lab, sender, done=self._hear)
            finally:
                await close_sender(sender)
            for outcome in self._outcomes():
                self._futures[outcome.case.id].set_result(outcome)

        self._main = self._loop.create_task(work())
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def _work(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._main)
        except asyncio.CancelledError:
            pass
        except BaseException as error:
            self._fail(error)
        finally:
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.close()

    def _hear(self, outcome: Outcome) -> None:
        self._done[outcome.case.id] = outcome
        self._heard(outcome)

    def _outcomes(self) -> list[Outcome]:
        """What is done so far, in the order of the cases."""
        findings = [o for o in self._done.values() if isinstance(o, Finding)]
        known = self._done | {f.case.id: f for f in self._settled(findings)}
        return [known[case_id] for case_id in self._futures if case_id in known]

    def _fail(self, error: BaseException) -> None:
        for future in self._futures.values():
            if not future.done():
                future.set_exception(error)

    def outcome(self, case_id: str) -> Outcome:
        """The outcome of a case; waits for it. Raises what stopped the run, if anything did."""
        return self._futures[case_id].result()

    def stop(self) -> list[Outcome]:
        """Ends what is still under way and returns every outcome there is, in order."""
        # The thread may end, and close its loop, at any moment.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._main.cancel)
        self._thread.join(timeout=10)
        return self._outcomes()
