"""Counting: what was lost, what was answered twice, whose alert did not arrive."""

from __future__ import annotations

import json
import re
import time
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from tests.fake_slack import BOT, STAFF_CHANNEL, FakeSlack, Message
from tests.load.asking import Asked

_MENTION = re.compile(r"<@(U[A-Z0-9]+)>")


@dataclass(kw_only=True)
class Tally:
    """What became of the messages."""

    asked: int = 0
    answered: int = 0
    lost: int = 0  #: the bot had acknowledged it, and never answered
    given_up: int = 0  #: Slack ended its retries before the bot took it; not the bot's loss
    twice: int = 0  #: answered more than once, at no kill
    twice_at_kill: int = 0  #: the first answer was posted in the instant of a kill
    flagged: int = 0
    alerts_missing: int = 0
    alerts_twice: int = 0
    alerts_twice_at_kill: int = 0
    other_words: dict[str, int] = field(default_factory=dict)  #: what else the bot said there

    @property
    def is_good(self) -> bool:
        return not (self.lost or self.twice or self.alerts_missing or self.given_up)


def tally(
    slack: FakeSlack,
    asked: Sequence[Asked],
    *,
    kills: Sequence[float] = (),
    instant_s: float = 0.5,
) -> Tally:
    """Judge all of `asked`; `kills` are monotonic times."""
    found = Tally(asked=len(asked))
    posts = _Posts(slack)
    for (place, words), group in _grouped(slack, asked).items():
        answers = posts.with_words(place, words)
        taken = sum(one.is_acked for one in group)
        unanswered = max(0, len(group) - len(answers))
        # Killed between storing and acknowledging, the bot answers what Slack believes undelivered.
        found.given_up += min(unanswered, sum(one.is_given_up for one in group))
        found.answered += min(len(answers), len(group))
        found.lost += max(0, taken - len(answers))
        extra = max(0, len(answers) - len(group))
        at_kill = _count_at_kill(answers, kills, instant_s, extra)
        found.twice_at_kill += at_kill
        found.twice += extra - at_kill
    _tally_alerts(found, posts, asked, kills, instant_s)
    found.other_words = posts.other_words(_grouped(slack, asked))
    return found


def settle(slack: FakeSlack, asked: Sequence[Asked], within_s: float) -> None:
    """Wait until everything is answered and alerted, but no longer than is fair."""
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        is_open = any(not one.is_acked and not one.is_given_up for one in asked)
        counted = tally(slack, asked)
        if not is_open and not counted.lost and not counted.alerts_missing:
            return
        slack.server.closing.wait(1.0)


class _Posts:
    """What the bot has posted, by place: a direct conversation, or a thread of a channel."""

    def __init__(self, slack: FakeSlack) -> None:
        self._by_place: dict[str, list[Message]] = defaultdict(list)
        for channel in list(slack.world.posted):
            is_im = slack.world.channels[channel].kind == "im"
            for message in list(slack.world.posted[channel].values()):
                if message.bot_id == BOT:
                    place = channel if is_im else f"{channel}:{message.thread_ts or ''}"
                    self._by_place[place].append(message)
        self.cards = self._by_place.get(f"{STAFF_CHANNEL}:", [])

    def with_words(self, place: str, words: str) -> list[Message]:
        return [m for m in self._by_place.get(place, ()) if words in (m.text, *m.versions)]

    def other_words(self, expected: Iterable[tuple[str, str]]) -> dict[str, int]:
        """The beginnings of what was said to people and is no expected answer, with counts."""
        wanted = set(expected)
        counts: Counter[str] = Counter()
        for place, messages in self._by_place.items():
            if not place.startswith(STAFF_CHANNEL):
                counts.update(m.text[:60] for m in messages if (place, m.text) not in wanted)
        return dict(counts.most_common(5))


def place_of(slack: FakeSlack, one: Asked) -> str:
    channel = one.deed.channel
    return f"{channel}:{one.deed.ts}" if one.in_channel else channel


def _grouped(slack: FakeSlack, asked: Iterable[Asked]) -> dict[tuple[str, str], list[Asked]]:
    """Messages that get the same words in the same place can only be counted together."""
    groups: dict[tuple[str, str], list[Asked]] = defaultdict(list)
    for one in asked:
        groups[place_of(slack, one), one.question.expected].append(one)
    return groups


def _tally_alerts(
    found: Tally, posts: _Posts, asked: Sequence[Asked], kills: Sequence[float], instant_s: float
) -> None:
    """One card for each person with a red flag; cards are known by the person they name."""
    cards: dict[str, list[Message]] = defaultdict(list)
    flagged = {one.user for one in asked if one.question.is_flagged and one.is_acked}
    for card in posts.cards:
        for user in _named(card, flagged):
            cards[user].append(card)
    found.flagged = len(flagged)
    for user in flagged:
        extra = max(0, len(cards[user]) - 1)
        at_kill = _count_at_kill(cards[user], kills, instant_s, extra)
        found.alerts_missing += not cards[user]
        found.alerts_twice_at_kill += at_kill
        found.alerts_twice += extra - at_kill


def _named(card: Message, users: Collection[str]) -> set[str]:
    return set(_MENTION.findall(card.text + json.dumps(card.blocks))) & set(users)


def _count_at_kill(
    posts: Sequence[Message], kills: Sequence[float], instant_s: float, extra: int
) -> int:
    """How many of the `extra` posts follow one that was made in the instant of a kill."""
    hit = sum(any(0 <= kill - post.at <= instant_s for kill in kills) for post in posts)
    return min(extra, hit)
