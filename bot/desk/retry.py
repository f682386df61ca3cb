"""When to try a delivery again: a pure function of how often and how it failed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

LONGEST_TRY = timedelta(hours=24)  #: after that a row is given up whatever the error
_FIRST_S = 1.0
_LONGEST_S = 60.0
_LONGEST_RETRY_AFTER_S = 600.0

#: never mended by waiting
PERMANENT = frozenset(
    {
        "channel_not_found",
        "not_in_channel",
        "is_archived",
        "invalid_auth",
        "account_inactive",
        "token_revoked",
        "user_not_found",
        "cannot_dm_bot",
        "msg_too_long",
        "invalid_blocks",
        "invalid_blocks_format",
        "no_text",
        "expired_url",
        "message_not_found",
        "cant_update_message",
        "restricted_action",
        "missing_scope",
    }
)
#: the text is fine, what is drawn around it is not
OF_BLOCKS = frozenset({"invalid_blocks", "invalid_blocks_format"})
#: nothing can be said there; a direct message still can
OF_PLACE = frozenset(
    {"channel_not_found", "not_in_channel", "is_archived", "expired_url", "restricted_action"}
)
#: nothing about the message would make it pass
OF_TEXT = frozenset({"msg_too_long", "no_text", "invalid_blocks", "invalid_blocks_format"})


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveUp:
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    at: datetime


def retry_at(
    attempts: int,
    error: str,
    now: datetime,
    *,
    created_at: datetime,
    retry_after_s: float | None = None,
    jitter: float = 0.0,
) -> Later | GiveUp:
    """What to do after a failure.

    Args:
        attempts: tries so far, this one included, 1 or more.
        retry_after_s: what Slack asked for; never less is waited.
        jitter: 0..1, drawn by the caller; up to half of the pause is added.
    """
    if error in PERMANENT:
        return GiveUp(reason=error)
    if now - created_at > LONGEST_TRY:
        return GiveUp(reason=f"too old: {error}")
    pause = min(_LONGEST_S, _FIRST_S * 2.0 ** min(attempts - 1, 10))
    if retry_after_s is not None:
        pause = max(min(retry_after_s, _LONGEST_RETRY_AFTER_S), 0.0)
        return Later(at=now + timedelta(seconds=pause + jitter * min(1.0, pause)))
    return Later(at=now + timedelta(seconds=pause * (1 + jitter / 2)))


def card_retry_at(
    attempts: int,
    error: str,
    now: datetime,
    *,
    created_at: datetime,
    retry_after_s: float | None = None,
    jitter: float = 0.0,
) -> Later | GiveUp:
    """The same for a staff card: somebody may invite the bot or mend the token, so it goes on."""
    decision = retry_at(
        attempts,
        error,
        now,
        created_at=created_at,
        retry_after_s=retry_after_s,
        jitter=jitter,
    )
    mendable = error in PERMANENT - OF_TEXT and now - created_at <= LONGEST_TRY
    if isinstance(decision, GiveUp) and mendable:
        return Later(at=now + timedelta(seconds=_LONGEST_S * (1 + jitter / 2)))
    return decision
