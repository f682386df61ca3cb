"""The shipped rules, compiled without fitting anything: half a second, not the bot's twenty."""

from __future__ import annotations

import pytest

from bot.index import right_words
from bot.knowledge.load import read
from bot.retrieval.vectors import load_vectors
from bot.triage.assess import Rules
from bot.triage.compile import compile_rules
from tests.conftest import KNOWLEDGE


@pytest.fixture(scope="session")
def rules() -> Rules:
    knowledge, _ = read(KNOWLEDGE)
    return compile_rules(
        knowledge.triage,
        abbreviations=knowledge.language.abbreviations,
        emoji=knowledge.language.emoji,
        correct=right_words(knowledge, load_vectors(KNOWLEDGE / "language" / "vectors.npz")),
    )
