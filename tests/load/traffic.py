"""`python -m tests.load.traffic`: signed HTTP at a steady rate into the real `mildbot serve`.

This process is Slack and its people; the bot runs behind gunicorn in processes of its own. Measured
are acknowledgements, lost and doubled answers, and how fast a red flag is answered while other
conversations sit in Slack's rate limit. `--servers 2 --postgres` lets two servers share one store.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from itertools import count
from pathlib import Path

from bot.api import Bot
from tests.fake_slack import FakeSlack, rate_limited
from tests.fake_slack.__main__ import MANIFEST
from tests.fake_slack.calls import Call
from tests.fake_slack.deliveries import ACK_WITHIN_S
from tests.load.asking import Asked, Traffic, ask
from tests.load.figures import Spans, lines
from tests.load.questions import Question, flags_of, questions_of
from tests.load.servers import Spread, postgres, serving
from tests.load.tally import Tally, settle, tally

_RETRIES_S = (0.5, 5.0, 20.0)
_RETRY_AFTER_S = 5


@dataclass(frozen=True, kw_only=True)
class Plan:
    rate: float = 150.0  #: messages a second
    seconds: float = 60.0
    people: int = 1500
    seed: int = 1
    flag_share: float = 0.02  #: of the messages, each by somebody new
    limited_share: float = 0.1  #: of the people, those to whom Slack lets nothing be posted
    doubled_share: float = 0.02  #: of the deliveries, those that come twice
    warm_up_s: float = 3.0  #: not timed, but counted
    settle_s: float = 120.0

    @property
    def messages(self) -> int:
        return round(self.rate * (self.seconds + self.warm_up_s))


@dataclass(frozen=True, kw_only=True)
class Result:
    plan: Plan
    tally: Tally
    rate: float  #: messages a second that were sent
    ack_ms: Spans
    flag_ms: Spans  #: from the message to its posted reply
    reply_ms: Spans
    refused: int  #: deliveries that were not answered 200 in time
    limited: int  #: posts that Slack put off
    doubled: int  #: deliveries that came twice
    settled_s: float  #: from the last message to the last answer
    slack_cpu_s: float  #: processor time of this process, Slack and its people
    bot_cpu_s: float = 0.0  #: processor time of the servers, their start included

    @property
    def is_good(self) -> bool:
        return self.tally.is_good and self.ack_ms.p99 < 500 and self.flag_ms.p99 < 1000


def run(plan: Plan, slack: FakeSlack, spread: Spread, bot: Bot) -> Result:
    """Ask for so long, let the limited ones go at the end, and wait for the last answer."""
    people = _People(plan, slack, bot)
    slack.faults.always("chat.postMessage", rate_limited(_RETRY_AFTER_S), when=people.is_limited)
    slack.deliveries.transport = spread
    traffic = Traffic(plan.rate, people.ask_one)
    began, cpu_began = time.monotonic(), time.process_time()
    traffic.start()
    try:
        traffic.allow(plan.messages)
        traffic.wait_done(plan.messages / plan.rate + 120)
        ended = time.monotonic()
        slack.faults.clear()
        settle(slack, traffic.asked, plan.settle_s)
    finally:
        traffic.end()
    settled_s, cpu_s = time.monotonic() - ended, time.process_time() - cpu_began
    timed = [one for one in traffic.asked if one.said_at - began >= plan.warm_up_s]
    attempts = [a for one in timed for delivery in one.deed.deliveries for a in delivery.attempts]
    flags = [one for one in timed if one.question.is_flagged]
    free = [o for o in timed if not o.question.is_flagged and o.user not in people.limited]
    return Result(
        plan=plan,
        tally=tally(slack, traffic.asked),
        rate=len(traffic.asked) / (ended - began),
        ack_ms=Spans.of(a.ended_at - a.sent_at for a in attempts if a.outcome),
        flag_ms=Spans.of(s for one in flags for s in _reply_s(slack, one)),
        reply_ms=Spans.of(s for one in free for s in _reply_s(slack, one)),
        refused=sum(
            not a.outcome.ok or a.ended_at - a.sent_at > ACK_WITHIN_S for a in attempts if a.outcome
        ),
        limited=sum(call.status == 429 for call in slack.calls.of("chat.postMessage")),
        doubled=spread.doubled,
        settled_s=settled_s,
        slack_cpu_s=cpu_s,
    )


class _People:
    """Who asks next, and who sits in the rate limit."""

    def __init__(self, plan: Plan, slack: FakeSlack, bot: Bot) -> None:
        self._plan, self._slack = plan, slack
        self._chance = random.Random(plan.seed)
        self._ordinary, self._flags = questions_of(bot), flags_of(bot)
        self._users = [slack.world.add_user(f"person-{n}").id for n in range(plan.people)]
        self._questions = {user: self._shuffled() for user in self._users}
        self._turn, self._numbers = self._turns(), count(1)
        self.limited = set(self._users[: round(plan.people * plan.limited_share)])
        self._limited_places = {slack.world.im(user).id for user in self.limited} | self.limited

    def ask_one(self) -> Asked:
        if self._flags and self._chance.random() < self._plan.flag_share:
            user = self._slack.world.add_user(f"flagged-{next(self._numbers)}").id
            return ask(self._slack, self._chance.choice(self._flags), user=user)
        user = next(self._turn)
        return ask(self._slack, next(self._questions[user]), user=user)

    def is_limited(self, call: Call) -> bool:
        return call.body.get("channel") in self._limited_places

    def _turns(self) -> Iterator[str]:
        """Everybody once, in a new order each round: nobody asks twice within a moment."""
        while True:
            self._chance.shuffle(self._users)
            yield from list(self._users)

    def _shuffled(self) -> Iterator[Question]:
        while True:
            yield from self._chance.sample(self._ordinary, len(self._ordinary))


def _reply_s(slack: FakeSlack, one: Asked) -> list[float]:
    """Seconds from the message to the first post with its answer."""
    answers = [m for m in slack.replies(one.deed) if m.text == one.question.expected]
    return [answers[0].at - one.said_at] if answers else []


def measure(
    plan: Plan,
    bot: Bot,
    folder: Path,
    *,
    servers: int = 1,
    on_postgres: bool = False,
    settings: dict[str, str] | None = None,
) -> Result:
    """Start everything, run, and end everything."""
    before = _children_s()
    with ExitStack() as stack:
        slack = stack.enter_context(
            FakeSlack(manifest=MANIFEST, retries=_RETRIES_S, own_events=False)
        )
        given = {**slack.environment(), "MILDBOT_DATA": str(folder / "data"), **(settings or {})}
        if on_postgres:
            given["DATABASE_URL"] = stack.enter_context(postgres(folder))
        running = stack.enter_context(serving(given, folder, count=servers))
        urls = [url for url, _ in running]
        spread = Spread(slack, urls, doubled_share=plan.doubled_share, seed=plan.seed)
        stack.callback(spread.close)
        result = run(plan, slack, spread, bot)
    return replace(result, bot_cpu_s=_children_s() - before)


def _children_s() -> float:
    """Processor time of all processes that we started and that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main(argv: list[str]) -> int:
    options = _parser().parse_args(argv)
    plan = Plan(
        rate=options.rate,
        seconds=options.seconds,
        people=options.people,
        seed=options.seed,
        doubled_share=options.doubled,
    )
    folder = Path(tempfile.mkdtemp(prefix="mildbot-traffic-"))
    settings = {"MILDBOT_WORKERS": str(options.workers)} if options.workers else {}
    result = measure(
        plan,
        Bot.load(),
        folder,
        servers=options.servers,
        on_postgres=options.postgres,
        settings=settings,
    )
    print(json.dumps(asdict(result), indent=2) if options.json else report(result))
    if not result.is_good:
        print(f"The servers' output: {folder}", file=sys.stderr)
    return 0 if result.is_good else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.load.traffic", description=__doc__)
    parser.add_argument("--rate", type=float, default=Plan.rate, help="messages a second")
    parser.add_argument("--seconds", type=float, default=Plan.seconds)
    parser.add_argument("--people", type=int, default=Plan.people)
    parser.add_argument("--seed", type=int, default=Plan.seed)
    parser.add_argument(
        "--doubled", type=float, default=Plan.doubled_share, help="share of events sent twice"
    )
    parser.add_argument("--workers", type=int, help="gunicorn processes of each server")
    parser.add_argument("--servers", type=int, default=1)
    parser.add_argument("--postgres", action="store_true", help="instead of SQLite")
    parser.add_argument("--json", action="store_true")
    return parser


def report(result: Result) -> str:
    counted = result.tally
    return lines(
        [
            ("messages", f"{counted.asked} at {result.rate:.0f} a second"),
            ("acknowledged", result.ack_ms),
            ("deliveries refused or too late", result.refused),
            ("deliveries that came twice", result.doubled),
            ("answered", counted.answered),
            ("lost", counted.lost),
            ("never taken, Slack gave up", counted.given_up),
            ("answered twice", counted.twice),
            ("posts that Slack put off (429)", result.limited),
            ("red flags, alerts undelivered", f"{counted.flagged}, {counted.alerts_missing}"),
            ("red flag answered", result.flag_ms),
            ("other answers", result.reply_ms),
            ("last answer after the last message", f"{result.settled_s:.1f} s"),
            ("processor time: Slack, bot", f"{result.slack_cpu_s:.0f} s, {result.bot_cpu_s:.0f} s"),
            *(("also said: " + words, number) for words, number in counted.other_words.items()),
        ]
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
