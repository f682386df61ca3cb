"""`python -m tests.load.kills`: end the bot again and again under traffic, and count the damage.

Starts the real `mildbot slack --demo` against the fake Slack, ends it with SIGKILL or SIGTERM at
random points (and in the very instant of a post), starts it again, and people ask all the while.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import random
import signal
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from itertools import count
from pathlib import Path

from bot.api import Bot
from tests.fake_slack import FakeSlack, bad_gateway, dropped, rate_limited, server_error
from tests.fake_slack.__main__ import MANIFEST
from tests.load.asking import Asked, Traffic, ask
from tests.load.figures import Spans, lines
from tests.load.process import BotProcess, End
from tests.load.questions import flags_of, mixed, questions_of
from tests.load.tally import Tally, settle, tally

#: Slack's own last attempt comes after some six minutes, when a bot is long back. Here it is down
#: half of the time, so there are more attempts, or Slack would give up on one message in fifty.
RETRIES_S = (0.05, 3.0, 5.0, 8.0, 12.0, 15.0, 20.0, 25.0, 30.0, 40.0, 60.0)
_START_S = 120.0


@dataclass(frozen=True, kw_only=True)
class Plan:
    messages: int = 2000
    kills: int = 50
    rate: float = 15.0  #: messages a second
    seed: int = 1
    sigterm_share: float = 0.5
    at_post_share: float = 0.2  #: of the kills, those in the instant of a post
    mention_share: float = 0.2  #: of the messages, those in a channel
    flag_share: float = 0.1
    fault_share: float = 0.0  #: of the bot's posts, those that go wrong at Slack
    instant_s: float = 0.2  #: so shortly before a kill, a post counts as in its instant
    settle_s: float = 240.0  #: how long the last answers may take


@dataclass(kw_only=True)
class Result:
    plan: Plan
    tally: Tally
    kills: dict[str, int] = field(default_factory=dict)  #: by signal
    slow_ends: int = 0  #: a SIGTERM that had to be followed by SIGKILL
    bad_codes: int = 0  #: a SIGTERM after which the exit code was not 0
    restart_s: float = 0.0  #: median, from the start to the websocket
    term_s: float = 0.0  #: longest end after a SIGTERM
    ack_ms: Spans = field(default_factory=lambda: Spans.of([]))
    went_wrong: int = 0  #: posts that met a fault
    took_s: float = 0.0

    @property
    def is_good(self) -> bool:
        return self.tally.is_good and not self.slow_ends and not self.bad_codes


def run(plan: Plan, slack: FakeSlack, process: BotProcess, bot: Bot) -> Result:
    """Carry the plan out; the process is not running before, and not after."""
    began = time.monotonic()
    _script_faults(plan, slack)
    traffic = Traffic(plan.rate, _asker(plan, slack, bot))
    executioner = _Executioner(plan, slack, process)
    executioner.start_bot()
    traffic.start()
    try:
        for number in range(1, plan.kills + 1):
            traffic.allow(plan.messages * number // (plan.kills + 1))
            executioner.kill_once()
        traffic.allow(plan.messages)
        traffic.wait_done(plan.messages / plan.rate + 60)
        settle(slack, traffic.asked, plan.settle_s)
    finally:
        traffic.end()
    executioner.end_bot()
    counted = tally(slack, traffic.asked, kills=executioner.moments, instant_s=plan.instant_s)
    return executioner.result(counted, took_s=time.monotonic() - began)


class _Executioner:
    """Ends the bot and starts it again, and remembers when."""

    def __init__(self, plan: Plan, slack: FakeSlack, process: BotProcess) -> None:
        self.moments: list[float] = []
        self._plan, self._slack, self._process = plan, slack, process
        self._chance = random.Random(plan.seed)
        self._wait = threading.Event()  # never set: a pause that is no sleep in the fake
        self._ends: list[tuple[signal.Signals, End]] = []
        self._restarts: list[float] = []

    def start_bot(self) -> None:
        before, began = self._slack.sockets.opened(), time.monotonic()
        self._process.start()
        try:
            self._slack.wait_connected(_START_S, more_than=before)
        except TimeoutError as problem:
            words = self._process.last_words()
            raise RuntimeError(f"the bot does not come up:\n{words}") from problem
        self._restarts.append(time.monotonic() - began)

    def kill_once(self) -> None:
        """At a random point of the traffic of one life, or in the instant of a post."""
        plan = self._plan
        life_s = plan.messages / (plan.kills + 1) / plan.rate
        is_term = self._chance.random() < plan.sigterm_share
        if self._chance.random() < plan.at_post_share:
            self._wait_for_post(life_s)
        else:
            self._wait.wait(self._chance.uniform(0, life_s * 1.2))
        self._end(signal.SIGTERM if is_term else signal.SIGKILL)
        self.start_bot()

    def end_bot(self) -> None:
        self._end(signal.SIGTERM)

    def result(self, counted: Tally, *, took_s: float) -> Result:
        terms = [end for how, end in self._ends if how is signal.SIGTERM]
        signals = [how.name for how, _ in self._ends[:-1]]  # the last one was no kill
        acks = [d.latency_s for d in self._slack.deliveries.all() if d.latency_s is not None]
        return Result(
            plan=self._plan,
            tally=counted,
            kills={name: signals.count(name) for name in sorted(set(signals))},
            slow_ends=sum(not end.in_time for end in terms),
            bad_codes=sum(end.in_time and end.code != 0 for end in terms),
            restart_s=statistics.median(self._restarts),
            term_s=max((end.took_s for end in terms), default=0.0),
            ack_ms=Spans.of(acks),
            went_wrong=sum(c.status != 200 for c in self._slack.calls.of("chat.postMessage")),
            took_s=took_s,
        )

    def _end(self, how: signal.Signals) -> None:
        self.moments.append(time.monotonic())
        self._ends.append((how, self._process.end(how)))

    def _wait_for_post(self, within_s: float) -> None:
        """At most a little longer than one life: perhaps nothing is posted in it."""
        calls = self._slack.calls
        before = calls.accepted("chat.postMessage")
        with contextlib.suppress(TimeoutError):
            self._slack.wait_for(lambda: calls.accepted("chat.postMessage") > before, within_s + 1)


def _asker(plan: Plan, slack: FakeSlack, bot: Bot) -> Callable[[], Asked]:
    """Each message by somebody new, so that an answer belongs to one message only."""
    chance = random.Random(plan.seed + 1)
    ordinary, flags = questions_of(bot), flags_of(bot)
    questions = mixed(ordinary, flags, share=plan.flag_share, seed=plan.seed + 2)
    numbers = count(1)

    def ask_one() -> Asked:
        person = slack.world.add_user(f"person-{next(numbers)}")
        question = next(questions)
        in_channel = chance.random() < plan.mention_share
        return ask(slack, question, user=person.id, in_channel=in_channel)

    return ask_one


def _script_faults(plan: Plan, slack: FakeSlack) -> None:
    """Every kind of fault equally often; two of them after the post has taken effect."""
    faults = (
        rate_limited(1),
        server_error(500),
        server_error(503, takes_effect=True),
        bad_gateway(),
        dropped(),
        dropped(takes_effect=True),
    )
    chance = random.Random(plan.seed + 3)
    share = plan.fault_share / len(faults)
    for fault in faults:
        slack.faults.always("chat.postMessage", fault, when=lambda call: chance.random() < share)


def main(argv: list[str]) -> int:
    options = _parser().parse_args(argv)
    plan = Plan(
        messages=options.messages,
        kills=options.kills,
        rate=options.rate,
        seed=options.seed,
        fault_share=options.faults,
    )
    folder = Path(tempfile.mkdtemp(prefix="mildbot-kills-"))
    bot = Bot.load()
    with FakeSlack(manifest=MANIFEST, retries=RETRIES_S) as slack:
        settings = {**slack.environment(), "MILDBOT_DATA": str(folder / "data")}
        if options.database:
            settings["DATABASE_URL"] = options.database
        process = BotProcess(settings, folder / "bot.log")
        try:
            result = run(plan, slack, process, bot)
        finally:
            process.stop()
    print(json.dumps(asdict(result), indent=2) if options.json else report(result))
    if not result.is_good:
        print(f"The bot's output: {folder / 'bot.log'}", file=sys.stderr)
    return 0 if result.is_good else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.load.kills", description=__doc__)
    parser.add_argument("--messages", type=int, default=Plan.messages)
    parser.add_argument("--kills", type=int, default=Plan.kills)
    parser.add_argument("--rate", type=float, default=Plan.rate, help="messages a second")
    parser.add_argument("--seed", type=int, default=Plan.seed)
    parser.add_argument(
        "--faults", type=float, default=Plan.fault_share, help="share of posts that go wrong"
    )
    parser.add_argument("--database", metavar="URL", help="default: SQLite in a new folder")
    parser.add_argument("--json", action="store_true")
    return parser


def report(result: Result) -> str:
    """The figures, one a line."""
    counted = result.tally
    kills = ", ".join(f"{number} {name}" for name, number in result.kills.items())
    figures = [
        ("kills", kills),
        ("messages", counted.asked),
        ("answered", counted.answered),
        ("lost", counted.lost),
        ("answered twice", counted.twice),
        ("answered twice, posted in the instant of a kill", counted.twice_at_kill),
        ("never taken, Slack gave up", counted.given_up),
        ("red flags", counted.flagged),
        ("alerts undelivered", counted.alerts_missing),
        ("alerts twice", counted.alerts_twice),
        ("alerts twice, posted in the instant of a kill", counted.alerts_twice_at_kill),
        ("SIGTERM not obeyed in 30 s", result.slow_ends),
        ("SIGTERM with another exit code than 0", result.bad_codes),
        ("longest end after SIGTERM", f"{result.term_s:.1f} s"),
        ("restart, median", f"{result.restart_s:.1f} s"),
        ("acknowledged", result.ack_ms),
        ("posts that went wrong at Slack", result.went_wrong),
        ("took", f"{result.took_s:.0f} s"),
        *(("also said: " + words, number) for words, number in counted.other_words.items()),
    ]
    return lines(figures)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
