"""gunicorn, run from Python: processes that each have their own desk, on one store."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from bot.api import Bot
from bot.reload import Watch
from bot.slack import logs
from bot.slack.running import Running, run_with
from bot.slack.settings import SlackSettings
from bot.web.app import make_web

THREADS = 16
DRAIN_S = 15


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """Holds what each process needs to open its own desk after the fork."""

    def __init__(
        self, bot: Bot, settings: SlackSettings, environment: Mapping[str, str], watch: Watch
    ) -> None:
        self._bot = bot
        self._watch = watch
        self._settings = settings
        self._environment = environment
        self._running: Running | None = None
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options().items():
            self.cfg.set(name, value)

    def _options(self) -> dict[str, Any]:
        return {
            # every interface: the host's router stands in front
            "bind": f"0.0.0.0:{self._settings.port}",
            "workers": self._settings.workers,
            "worker_class": "gthread",
            "threads": THREADS,
            "timeout": 60,
            "graceful_timeout": DRAIN_S + 5,
            "accesslog": None,  # an address beside a health question identifies somebody
            "proc_name": "mildbot",
            "worker_exit": self._leave,
        }

    def load(self) -> Flask:
        """In each process, after the fork: connections and threads do not survive one."""
        logs.start(self._environment)
        self._running = run_with(self._bot, self._settings, self._environment)
        self._running.worker.start(alone=False)
        self._watch.start()
        return make_web(self._running, self._settings.signing_secret)

    def _leave(self, _server: Any, _worker: Any) -> None:
        """The process takes no more requests: finish what it holds."""
        self._watch.stop()
        if self._running is not None:
            self._running.close(within_s=DRAIN_S)
