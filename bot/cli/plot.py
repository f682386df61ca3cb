"""`mildbot evaluate --plot`: the reliability diagram as a file."""

from __future__ import annotations

from pathlib import Path

from bot.api import Bot
from bot.bootstrap import knowledge_folder
from bot.cli.loading import say_progress
from bot.errors import BotError, UsageError
from bot.evaluation.diagram import Panel, draw
from bot.evaluation.guesses import guess_all
from bot.evaluation.reliability import Reliability, reliability, scored_in_bank
from bot.evaluation.thresholds import OUTSIDE_SHARE
from bot.knowledge.folder import vectors_file
from bot.knowledge.load import load
from bot.retrieval.calibration import Calibration
from bot.retrieval.decide import Limits
from bot.retrieval.vectors import load_vectors


def check_plot(path: Path) -> None:
    """Raises `BotError` before minutes are spent on a picture that cannot be kept."""
    if path.suffix.lower() != ".svg":
        raise UsageError(f"--plot draws SVG: name a file that ends in .svg instead of {path.name}")
    is_new = not path.exists()
    try:
        with path.open("ab"):
            pass
        if is_new:  # nothing is left should the measuring fail
            path.unlink()
    except OSError as error:
        raise BotError(f"{path} cannot be written: {error.strerror}") from error


def bank_reliability(bot: Bot) -> Reliability:
    """The bank as engines judge it that never saw the message, by the calibration in use."""
    folder = knowledge_folder()
    knowledge = load(folder)  # with the bank, which the bot's own goes without
    guesses, _ = guess_all(knowledge, load_vectors(vectors_file(folder)), say_progress)
    return reliability(scored_in_bank(guesses, Calibration.from_values(knowledge.tuning.values)))


def write_plot(path: Path, bank: Reliability, sets: Reliability | None, limits: Limits) -> None:
    panels = [
        Panel(
            title="The bank, five-fold cross-validation",
            of=f"questions and out of scope (weighing {OUTSIDE_SHARE:.0%})",
            reliability=bank,
            limits=limits,
        )
    ]
    if sets:
        panels.append(
            Panel(
                title="The question sets",
                of="questions and out of scope",
                reliability=sets,
                limits=limits,
            )
        )
    try:
        path.write_text(draw(panels), encoding="utf-8")
    except OSError as error:
        raise BotError(f"{path} cannot be written: {error.strerror}") from error
