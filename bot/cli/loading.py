"""Loading the bot for a command: progress on stderr, and what is left when it cannot be loaded."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

import msgspec

from bot.api import Bot
from bot.bootstrap import cache_folder, knowledge_folder
from bot.dialogue.last_resort import Contact, contact_of, last_resort
from bot.dialogue.reply import Escalation, Reply
from bot.errors import BotError, KnowledgeError
from bot.knowledge.version import file_name


def load_bot() -> Bot:
    """The bot, with a line on stderr for every step of a first build.

    Raises `BotError` whose message holds every problem.
    """
    folder = knowledge_folder()
    try:
        bot = Bot.load(folder, progress=say_progress)
    except KnowledgeError as error:
        raise BotError(f"the knowledge cannot be used\n{error}") from error
    except OSError as error:
        raise BotError(f"the knowledge cannot be read: {error}") from error
    remember(contact_of(bot.engine.knowledge.clinic), folder)
    return bot


def load_or_tell() -> Bot | None:
    """The bot; None when it cannot be loaded, and then stderr tells why.

    For commands that people ask: they get the card of the last resort, whatever went wrong.
    """
    try:
        return load_bot()
    except BotError as error:
        print(f"mildbot: {error}", file=sys.stderr)
    except Exception:  # noqa: BLE001 - the outermost line of a front end
        import traceback

        traceback.print_exc()
    return None


def remember(contact: Contact, folder: Path) -> None:
    """For when the knowledge cannot be read: beside the cached index, one file for each folder.

    No error when it cannot be written.
    """
    content = msgspec.json.encode(contact)
    file = _memory_file(folder)
    with suppress(OSError):
        if not file.exists() or file.read_bytes() != content:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)


def say_progress(step: str) -> None:
    print(f"mildbot: {step} ...", file=sys.stderr, flush=True)


# ---------------------------------------------------------------- when it cannot be loaded
def without_bot() -> Reply:
    """The reply to every message while no bot can be loaded: urgent, since nothing was triaged."""
    urgent = Escalation(tier="urgent", context="present", flags=())
    return last_resort(urgent, _last_known())


def _last_known() -> Contact:
    """How to reach the clinic, as clinic.yaml says or as it did when the bot was last loaded."""
    with suppress(BotError, OSError, msgspec.DecodeError):
        folder = knowledge_folder()
        with suppress(KnowledgeError):
            from bot.knowledge.load import load_clinic

            return contact_of(load_clinic(folder))
        return msgspec.json.decode(_memory_file(folder).read_bytes(), type=Contact)
    return Contact()


def _memory_file(folder: Path) -> Path:
    return cache_folder() / f"clinic-{file_name(folder)}.json"
