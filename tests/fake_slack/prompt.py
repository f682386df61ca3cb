"""The prompt of `python -m tests.fake_slack`: a person's side of Slack in a terminal or a pipe."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import TextIO

from tests.fake_slack.deeds import Deed, Shown
from tests.fake_slack.fake import FakeSlack
from tests.fake_slack.faults import (
    Fault,
    bad_gateway,
    dropped,
    rate_limited,
    server_error,
    slow,
)
from tests.fake_slack.model import BOT_USER, PATIENT, Message
from tests.fake_slack.mrkdwn import to_text
from tests.fake_slack.shown import Button, Part, Rule, Text, name_of, parts_of, parts_of_blocks

HELP = """\
What you type is a direct message to the bot, by pat (a patient). sam is staff.
  /mild words         a slash command
  :as sam             write, command and press as somebody else
  :in #general        write in a channel (@bot is a mention); :in dm goes back
  :thread             write in the thread of the last message; :thread off leaves it
  :press 3            press button [3]
  :edit words         edit your last message;  :delete  delete it
  :home               open the App Home;       :shortcut  use it on your last message
  :fault 429          the bot's next post fails: 429 500 502 503 drop slow
  :socket refresh     refresh, close, cut or silence the websocket
  :help  :quit"""

FAULTS: dict[str, Callable[[], Fault]] = {
    "429": lambda: rate_limited(5),
    "500": server_error,
    "502": bad_gateway,
    "503": lambda: server_error(503),
    "drop": dropped,
    "slow": lambda: slow(5.0),
}
_ACK_S = 20.0


class Prompt:
    """Reads lines, does what they say, and prints what the bot does."""

    def __init__(self, slack: FakeSlack, out: TextIO, *, patience_s: float = 2.0) -> None:
        self._slack, self._out = slack, out
        self._patience_s = patience_s  #: how long an answer may take to begin
        self._user, self._channel, self._thread = PATIENT, "", False
        self._last: Deed | None = None
        self._buttons: list[tuple[Shown, Button]] = []
        self._printed: dict[tuple[str, str], int] = {}  #: versions of each message
        self._showing = threading.Lock()
        self._verbs: dict[str, Callable[[str], Deed | None]] = {
            "as": self._as,
            "in": self._in,
            "thread": self._in_thread,
            "press": self._press,
            "edit": lambda words: self._slack.people.edit(self._said(), words),
            "delete": lambda words: self._slack.people.delete(self._said()),
            "home": self._home,
            "shortcut": lambda words: self._slack.people.shortcut(
                self._user, words or "answer_with_faq", self._said()
            ),
            "fault": self._fault,
            "socket": self._socket,
            "help": lambda words: self._print(HELP),
        }

    def run(self, lines: Iterable[str]) -> None:
        """Do every line; between two, wait until the bot has said what it will."""
        for line in lines:
            if line.strip() == ":quit":
                return
            if line.strip():
                self._do(line.rstrip("\n"))

    def watch(self) -> None:
        """Print what the bot does by itself, as it comes; for a thread of its own."""
        while not self._slack.server.closing.is_set():
            self.show()
            with self._slack.world.changed:
                self._slack.world.changed.wait(1.0)

    def _do(self, line: str) -> None:
        before = len(self._slack.calls.all())
        try:
            deed = self._obey(line)
        except (LookupError, ValueError, TimeoutError) as problem:
            self._print(f"! {problem}")
            return
        if deed is not None:
            self._await(deed, before)
        self.show()

    def _obey(self, line: str) -> Deed | None:
        people = self._slack.people
        if line.startswith(":"):
            word, _, words = line[1:].partition(" ")
            if word not in self._verbs:
                raise LookupError(f":{word} is not known; :help lists what is")
            return self._verbs[word](words.strip())
        if line.startswith("/"):
            command, _, words = line.partition(" ")
            return people.command(self._user, command, words, channel=self._channel)
        text = line.replace("@bot", f"<@{BOT_USER}>")
        root = self._root() if self._thread else None
        if self._channel:
            self._last = people.say(self._channel, text, user=self._user, thread_ts=root)
        else:
            self._last = people.dm(self._user, text, thread_ts=root)
        return self._last

    def _await(self, deed: Deed, before: int) -> None:
        """Until it was acknowledged and answered, and then nothing more happened for a moment."""
        world = self._slack.world
        try:
            world.wait_for(lambda: all(d.acked or d.given_up for d in deed.deliveries), _ACK_S)
            if any(d.given_up for d in deed.deliveries):
                self._print("! the bot did not acknowledge it")
            elif deed.deliveries:
                world.wait_for(lambda: len(self._slack.calls.all()) > before, self._patience_s)
        except TimeoutError:
            pass  # not everything is answered
        with world.changed:
            while world.changed.wait(self._patience_s / 5):
                pass

    def show(self) -> None:
        """Print what the bot has written or changed since the last time."""
        with self._showing:
            self._show()

    def _show(self) -> None:
        for message in self._slack.world.bot_messages():
            key = (message.channel, message.ts)
            if self._printed.get(key) != len(message.versions):
                edited = " (edited)" if key in self._printed else ""
                self._printed[key] = len(message.versions)
                self._print(self._heading(message) + edited)
                self._print_parts(message, parts_of(message))

    def _heading(self, message: Message) -> str:
        channel = self._slack.world.channels[message.channel]
        place = f"to {name_of(self._slack.world, channel.partner)}"
        if channel.kind != "im":
            place = f"in #{channel.name}"
        thread = ", in a thread" if message.thread_ts else ""
        if message.seen_by:
            thread += f", only {name_of(self._slack.world, message.seen_by)} sees it"
        return f"\n-- bot {place}{thread}"

    def _print_parts(self, shown: Shown, parts: Iterable[Part]) -> None:
        row: list[str] = []
        for part in parts:
            if isinstance(part, Button):
                self._buttons.append((shown, part))
                row.append(f"[{len(self._buttons)}] {part.label}")
                continue
            self._print_row(row)
            self._print(self._words(part))
        self._print_row(row)

    def _print_row(self, row: list[str]) -> None:
        if row:
            self._print("   ".join(row))
        row.clear()

    def _words(self, part: Part) -> str:
        if isinstance(part, Rule):
            return "----"
        assert isinstance(part, Text)
        if not part.is_mrkdwn:
            return part.source
        return to_text(part.source, lambda id: name_of(self._slack.world, id))

    def _as(self, words: str) -> None:
        self._user = self._slack.world.user(words).id

    def _in(self, words: str) -> None:
        self._channel = "" if words in ("", "dm") else self._slack.world.channel(words).id
        self._thread = False

    def _in_thread(self, words: str) -> None:
        self._root()
        self._thread = words != "off"

    def _press(self, words: str) -> Deed:
        number = int(words) if words.isdigit() else 0
        if not 1 <= number <= len(self._buttons):
            raise LookupError(f"there is no button [{words}]")
        shown, button = self._buttons[number - 1]
        return self._slack.people.press(
            shown,
            action_id=button.action_id or None,
            text=None if button.choice else button.label,
            user=self._user,
            choose=button.choice or None,
            block_id=button.block_id,
        )

    def _home(self, words: str) -> None:
        deed = self._slack.people.open_home(self._user)
        self._await(deed, len(self._slack.calls.all()))
        view = self._slack.world.homes.get(self._user)
        if view is None:
            raise LookupError("the bot shows no home")
        self._print("\n-- App Home")
        self._print_parts(view, parts_of_blocks(view["blocks"]))

    def _fault(self, words: str) -> None:
        if words not in FAULTS:
            raise LookupError(f"faults are {' '.join(FAULTS)}")
        self._slack.faults.add("chat.postMessage", FAULTS[words]())

    def _socket(self, words: str) -> None:
        sockets = self._slack.sockets
        ways = {
            "refresh": sockets.refresh,
            "close": sockets.close,
            "cut": sockets.cut,
            "silence": sockets.go_silent,
        }
        if words not in ways:
            raise LookupError(f"a socket can {' '.join(ways)}")
        ways[words]()

    def _said(self) -> Deed:
        if self._last is None:
            raise LookupError("you have not written anything yet")
        return self._last

    def _root(self) -> str:
        message = self._said().message
        assert message is not None
        return message.thread_ts or message.ts

    def _print(self, line: str) -> None:
        print(line, file=self._out, flush=True)
