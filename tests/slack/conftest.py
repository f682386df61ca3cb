"""No token or proxy of the machine reaches a test; a fake Slack for those that want one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.slack import manifest as manifests
from tests.fake_slack import FakeSlack

_SURROUNDINGS = ("SLACK_", "MILDBOT_", "DATABASE_URL", "PORT")
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY", "all_proxy")
MANIFEST = Path(manifests.__file__).parent / "manifest.json"


@pytest.fixture(autouse=True)
def no_slack_around(monkeypatch: pytest.MonkeyPatch, clean_environment: None) -> None:
    """Bolt and the SDK read tokens and proxies from the environment by themselves."""
    for name in list(os.environ):
        if (name.startswith(_SURROUNDINGS) and name != "MILDBOT_CACHE") or name in _PROXIES:
            monkeypatch.delenv(name)


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    """A workspace that grants exactly what our manifest asks for."""
    with FakeSlack(manifest=MANIFEST, retries=(0.05, 0.1, 0.2), ping_every_s=0.2) as fake:
        yield fake
