"""One event loop on a thread of its own, so that pytest can wait for cases one by one."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime

from conformance.model import Ability, Case, Finding, Lab
from conformance.running.engine import Judging, Outcome, Sender


class Run:
    """All selected cases under way. ``outcome(id)`` waits; ``stop`` keeps what is done.

    ``heard`` hears of each outcome as it comes, and whoever waits for it goes on at once. When
    all are judged, the controls of ``measured`` abilities are asked as well.
    """

    def __init__(
        self,
        cases: Sequence[Case],
        lab: Lab,
        sender: Callable[[], AbstractAsyncContextManager[Sender]],
        *,
        controls: Mapping[Ability, Case],
        ceiling: Callable[[int], Case] | None = None,
        measured: Sequence[Ability] = (),
        heard: Callable[[Outcome], None] = lambda _: None,
    ) -> None:
        self._futures: dict[str, Future[Outcome]] = {case.id: Future() for case in cases}
        self._heard = heard
        self._done: dict[str, Outcome] = {}
        #: What the controls of abilities found, once all cases are judged.
        self.abilities: dict[Ability, Finding] = {}
        #: When everything was judged; None where it was not, or is not yet.
        self.ended: datetime | None = None

        async def judge() -> None:
            async with sender() as s:
                play = Judging(cases, lab, s, controls=controls, ceiling=ceiling, done=self._hear)
                self.abilities = await play.run(measured)
                self.ended = datetime.now(UTC)

        self._loop = asyncio.new_event_loop()
        self._main = self._loop.create_task(judge())
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
        self._futures[outcome.case.id].set_result(outcome)

    def _outcomes(self) -> list[Outcome]:
        """What is done so far, in the order of the cases."""
        return [self._done[case_id] for case_id in self._futures if case_id in self._done]

    def _fail(self, error: BaseException) -> None:
        for future in self._futures.values():
            if not future.done():
                future.set_exception(error)

    def outcome(self, case_id: str) -> Outcome:
        """The outcome of a case; waits for it. Raises what stopped the run, if anything did."""
        return self._futures[case_id].result()

    def settle(self) -> None:
        """Waits for the controls of abilities, where every case is judged."""
        if all(future.done() for future in self._futures.values()):
            self._thread.join()

    def stop(self, *, at_once: bool = False) -> list[Outcome]:
        """Every outcome there is, in order.

        Where every case is judged, waits for the controls of abilities, unless it must stop at
        once; otherwise ends what is under way.
        """
        if not at_once and all(future.done() for future in self._futures.values()):
            self._thread.join()
            return self._outcomes()
        # The thread may end, and close its loop, at any moment.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._main.cancel)
        self._thread.join(timeout=10)
        return self._outcomes()
