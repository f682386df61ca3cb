"""The conversation in a terminal; works piped and on a dumb terminal too."""

from __future__ import annotations

import argparse
import os
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any

from bot.api import Bot
from bot.cli.explain import explain, sources
from bot.cli.loading import load_or_tell, without_bot
from bot.cli.terminal import is_terminal, wants_colour, wrapped
from bot.cli.watching import watching
from bot.dialogue import compose
from bot.dialogue.reply import Memory, Reply
from bot.reload import News

COMMANDS = {
    "/why": "how the last message was read",
    "/sources": "documents and headings behind the last answer",
    "/topics": "what can be asked",
    "/new": "forget this conversation",
    "/help": "these commands",
    "/quit": "leave (also Ctrl-D)",
}
_COLOURS = {"emergency": "\x1b[1;31m", "urgent": "\x1b[1;33m", "office_hours": "\x1b[1;36m"}
_DIM, _RESET = "\x1b[2m", "\x1b[0m"


def run(argv: Sequence[str]) -> int:
    argparse.ArgumentParser(
        prog="mildbot", description="A conversation in the terminal."
    ).parse_args(argv)
    bot = load_or_tell()
    if bot is None:
        print(wrapped(without_bot().text))
        return 1
    conversation = Conversation(bot, colour=wants_colour(os.environ, is_terminal()))
    print(conversation.shown(compose.say("welcome", bot.engine)))
    print(conversation.dim(wrapped("Type a question, or /help. Ctrl-D leaves.")))
    heard: deque[News] = deque()
    with watching(bot, tell=heard.append):
        for message in lines():
            if message.strip().lower() == "/quit":
                break
            while heard:  # told here, since somebody may be typing when it happens
                _tell(heard.popleft(), conversation)
            print(conversation.turn(message))
    return 0


def _tell(news: News, conversation: Conversation) -> None:
    where = sys.stderr if news.is_problem else sys.stdout
    print(conversation.dim(f"mildbot: {news.text}"), file=where)


class Conversation:
    """One conversation: remembers what the next message may lean on."""

    def __init__(self, bot: Bot, *, colour: bool) -> None:
        self._bot = bot
        self._colour = colour
        self._memory = Memory()
        self._last: Reply | None = None
        self._engine = bot.engine  #: of the last reply: new knowledge may lack its entries

    def turn(self, message: str) -> str:
        """What to show for a message or a /command."""
        word, *more = message.split()
        if word.startswith("/") and not more:  # "/help my leg is numb" is a message
            return wrapped(self._command(word.lower()))
        bot = self._bot.held()
        self._last, self._memory = bot.converse(message, self._memory)
        self._engine = bot.engine
        tier = self._last.escalation.tier if self._last.escalation else ""
        return self.shown(self._last.text, _COLOURS.get(tier, "")) + "\n"

    def _command(self, command: str) -> str:
        match command:
            case "/why":
                return (
                    explain(self._last, self._engine)
                    if self._last
                    else "Nothing has been asked yet."
                )
            case "/sources":
                return self._sources()
            case "/topics":
                return self._topics()
            case "/new":
                self._memory, self._last = Memory(), None
                return "A new conversation."
            case "/help":
                return "\n".join(f"  {name:<10} {what}" for name, what in COMMANDS.items())
            case other:
                return f"{other} is not a command. Commands: {', '.join(COMMANDS)}"

    def _sources(self) -> str:
        if not self._last or not self._last.entries:
            return "The last message was not answered from the documents."
        return "\n".join(sources(self._last, self._engine))

    def _topics(self) -> str:
        lines = []
        group = ""
        for entry in self._bot.engine.knowledge.entries:
            if entry.group != group:
                group = entry.group
                lines.append(group.replace("-", " ").upper())
            lines.append(f"  {entry.question}")
        return "\n".join(lines)

    # ---------------------------------------------------------------- looks
    def shown(self, text: str, colour: str = "") -> str:
        """The text wrapped to the window; the first paragraph coloured when there is a colour."""
        first, *others = wrapped(text).split("\n\n")
        if colour and self._colour:
            first = f"{colour}{first}{_RESET}"
        return "\n" + "\n\n".join([first, *others])

    def dim(self, text: str) -> str:
        return f"{_DIM}{text}{_RESET}" if self._colour else text


# ---------------------------------------------------------------- input
def lines() -> Iterator[str]:
    """Messages until the end of input; empty ones are left out."""
    if sys.stdin is None:  # the caller has closed it: nobody is there
        return iter(())
    source = _typed() if sys.stdin.isatty() and is_terminal() else _piped()
    return (line for line in source if line.strip())


def _piped() -> Iterator[str]:
    for raw in sys.stdin.buffer:
        yield raw.decode("utf-8", errors="replace").rstrip("\r\n")


def _typed() -> Iterator[str]:
    """Lines with history, completion of commands and multi-line paste.

    Ctrl-C clears the line, Ctrl-D ends.
    """
    session = _session()
    while True:
        try:
            yield session.prompt("you> ")
        except KeyboardInterrupt:
            continue
        except EOFError:
            print()
            return


def _session() -> Any:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.completion import WordCompleter
    from prompt_toolkit.history import InMemoryHistory

    # The history lives as long as the session: what people ask about their body is not ours
    # to keep in a file.
    return PromptSession(
        history=InMemoryHistory(),
        completer=WordCompleter(list(COMMANDS), sentence=True),
        complete_while_typing=False,
    )
