"""The real bot as a process of its own: started, killed, started again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import ROOT

_MILDBOT = (sys.executable, "-m", "bot.cli.main")
#: What a machine may have set, and what must not leak into a measurement.
_NOT_PASSED_ON = ("SLACK_", "MILDBOT_", "DATABASE_URL", "PORT", "HTTP_PROXY", "HTTPS_PROXY")


@dataclass(frozen=True, kw_only=True)
class End:
    """How a process ended."""

    code: int
    took_s: float
    in_time: bool  #: False: it did not go at the signal, and was killed


class BotProcess:
    """One `mildbot` command that can be run again and again; its output goes to `log`."""

    def __init__(
        self,
        settings: Mapping[str, str],
        log: Path,
        *,
        arguments: Sequence[str] = ("slack", "--demo"),
        command: Sequence[str] = _MILDBOT,
    ) -> None:
        self._command = [*command, *arguments]
        self._environment = environment(settings)
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, env=self._environment, cwd=ROOT, stdout=log, stderr=log
            )

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def end(self, how: signal.Signals, *, within_s: float = 30.0) -> End:
        """Send the signal and wait; a process that does not go is killed."""
        assert self._process is not None
        began = time.monotonic()
        self._process.send_signal(how)
        try:
            code = self._process.wait(within_s)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
            return End(code=code, took_s=time.monotonic() - began, in_time=False)
        return End(code=code, took_s=time.monotonic() - began, in_time=True)

    def stop(self) -> None:
        """Leave nothing behind, however the measurement ended."""
        if self.is_running:
            self.end(signal.SIGTERM)

    def last_words(self, count: int = 15) -> str:
        """The end of its output, to say why it did not start."""
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-count:])


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """Ours without the settings of a bot, but for its cache; then `settings`."""
    kept = {n: v for n, v in os.environ.items() if not n.startswith(_NOT_PASSED_ON)}
    for name in ("MILDBOT_CACHE", "MILDBOT_KNOWLEDGE"):
        if name in os.environ:
            kept[name] = os.environ[name]
    path = os.pathsep.join([str(ROOT), *filter(None, [kept.get("PYTHONPATH")])])
    return {**kept, "PYTHONPATH": path, "PYTHONUNBUFFERED": "1", **settings}
