"""A desk on an empty SQLite store."""

from __future__ import annotations

import pytest

from bot.desk.desk import Desk
from bot.store.open import Store
from tests.desk.made import make_desk


@pytest.fixture
def desk(sqlite_store: Store) -> Desk:
    return make_desk(sqlite_store)
