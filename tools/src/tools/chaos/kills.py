"""Random kills at random moments, and a supervisor that starts again what has ended, as a deployment has one."""

import asyncio
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from tools.chaos.servers import Private
from tools.stack.process import alive
from tools.suite import Suite
from tools.suite.suite import SuiteError

PROCESSES: Final = ("directory", "documents", "approval", "adapters")
SERVERS: Final = ("broker", "database")
# How often one is meant: those that move records most often.
_WEIGHTS: Final = {"directory": 2, "documents": 5, "approval": 5, "adapters": 6, "broker": 3, "database": 3}


@dataclass(slots=True)
class Kills:
    """What was killed, and what ended by itself after another's death. down: seconds until all was ready again, each."""

    killed: Counter[str] = field(default_factory=Counter[str])
    ended: Counter[str] = field(default_factory=Counter[str])
    down: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Killer:
    """Kills parts of a suite. private: servers to kill as well; None: processes only. pause: seconds between, at least and most."""

    suite: Suite
    private: Private | None
    chance: random.Random
    pause: tuple[float, float]
    say: Callable[[str], None]

    async def run(self, count: int, done: Kills) -> None:
        """Kills so many, one after the other, and brings each back."""
        victims = [*PROCESSES, *(SERVERS if self.private else ())]
        for number in range(1, count + 1):
            await asyncio.sleep(self.chance.uniform(*self.pause))
            victim = self.chance.choices(victims, [_WEIGHTS[each] for each in victims])[0]
            begun = time.monotonic()
            await asyncio.to_thread(self._kill, victim)
            await asyncio.sleep(self.chance.uniform(0, 1))
            await asyncio.to_thread(self._start, victim)
            done.killed[victim] += 1
            await asyncio.to_thread(self.supervise, done)
            done.down.append(time.monotonic() - begun)
            self.say(f"kill {number} of {count}: {victim}, back after {done.down[-1]:.1f} s")

    def _kill(self, victim: str) -> None:
        if victim == "broker" and self.private:
            self.private.kill_broker()
        elif victim == "database" and self.private:
            self.private.kill_database()
        else:
            self.suite.stop(victim, signal.SIGKILL)

    def _start(self, victim: str) -> None:
        if victim == "broker" and self.private:
            self.private.start_broker()
        elif victim == "database" and self.private:
            self.private.start_database()
        else:
            self._bring_up(victim)

    def supervise(self, done: Kills) -> None:
        """Starts again what has ended by itself."""
        for name in PROCESSES:
            if not alive(self.suite.process(name)):
                done.ended[name] += 1
                self._bring_up(name)

    def _bring_up(self, name: str) -> None:
        """A part that is not ready in time, for its servers are still recovering, is tried again."""
        for attempt in range(3):
            try:
                self.suite.start(name)
            except SuiteError:
                if attempt == 2:
                    raise
                self.suite.stop(name, signal.SIGKILL)
            else:
                return
