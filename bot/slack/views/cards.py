"""The card of an alert in the staff channel: open, claimed, closed."""

from __future__ import annotations

from bot.desk.values import AlertCard
from bot.dialogue import compose
from bot.dialogue.engine import Engine
from bot.slack.blocks import Block, actions, button, context, header, plain, section
from bot.slack.text import escape
from bot.slack.views.queue import question_buttons
from bot.slack.views.words import marked, mention, moment


def card_blocks(card: AlertCard, engine: Engine, *, workspace_url: str) -> list[Block]:
    """All that staff need to act, and no more of the person's words than the flags matched."""
    facts = section("\n".join(_facts(card, engine, workspace_url)))
    blocks = [header(title(card, engine)), facts, *_words(card, engine)]
    blocks.append(context(*_state(card, engine)))
    if buttons := _buttons(card, engine):
        blocks.append(actions(*buttons))
    return blocks


def title(card: AlertCard, engine: Engine) -> str:
    """What the notification says too: no name, no words of the person."""
    kind = card.tier if card.kind == "flag" and card.tier else card.kind
    return compose.say(f"slack_card_{kind}", engine)


def permalink(card: AlertCard, workspace_url: str) -> str:
    """Where staff can open the message; empty for a direct message, which they cannot."""
    if not (card.channel_id and card.message_ts and workspace_url):
        return ""
    stamp = card.message_ts.replace(".", "")
    return f"{workspace_url.rstrip('/')}/archives/{card.channel_id}/p{stamp}"


def _facts(card: AlertCard, engine: Engine, workspace_url: str) -> list[str]:
    lines = [escape(", ".join(card.signs))] if card.signs else []
    if card.kind == "unanswered":
        lines.append(marked("slack_card_where", engine))
    if card.nearest:
        lines.append(marked("slack_card_nearest", engine, question=escape(card.nearest)))
    if card.user_id:
        lines.append(marked("slack_card_who", engine, who=mention(card.user_id)))
    lines.append(marked("slack_card_since", engine, when=moment(card.created_at)))
    if card.times > 1:
        lines.append(marked("slack_card_times", engine, count=str(card.times)))
    if link := permalink(card, workspace_url):
        lines.append(f"<{link}|{marked('slack_card_message', engine)}>")
    return lines


def _words(card: AlertCard, engine: Engine) -> list[Block]:
    if not card.words:
        return []
    quoted = ", ".join(f'"{words}"' for words in card.words)
    return [plain(compose.say("slack_card_words", engine, words=quoted))]


def _state(card: AlertCard, engine: Engine) -> list[str]:
    lines = []
    if card.state == "open":
        lines.append(marked("slack_card_open", engine))
    if card.claimed_by:
        who, when = mention(card.claimed_by), moment(card.claimed_at)
        lines.append(marked("slack_card_claimed", engine, who=who, when=when))
    if card.closed_by:
        who, when = mention(card.closed_by), moment(card.closed_at)
        lines.append(marked("slack_card_closed", engine, who=who, when=when))
    if card.patient_told:
        lines.append(marked("slack_card_told", engine))
    return lines or [marked("slack_card_over", engine)]


def _buttons(card: AlertCard, engine: Engine) -> list[Block]:
    """Gone once used: a closed card has none."""
    if card.state == "closed":
        return []
    if card.kind == "unanswered" and card.question_id:
        state = card.question_state or "open"
        return question_buttons(card.question_id, state, engine) + _open_person(card, engine)
    row = []
    if card.state == "open":
        label = compose.say("slack_claim", engine)
        row.append(button(label, "alert_claim", card.id, style="primary"))
    row.append(button(compose.say("slack_done", engine), "alert_done", card.id))
    return row + _open_person(card, engine)


def _open_person(card: AlertCard, engine: Engine) -> list[Block]:
    """Opens the conversation with the person: staff cannot read theirs with the bot."""
    if not card.user_id:
        return []
    url = f"slack://user?team={card.team_id}&id={card.user_id}"
    return [button(compose.say("slack_open_person", engine), "open_person", url=url)]
