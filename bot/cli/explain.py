"""Why a reply came out as it did, in words of the real computation."""

from __future__ import annotations

from bot.dialogue.reply import Reply, Why


def explain(reply: Reply) -> str:
    """Lines for `--why` and `/why`."""
    lines = [f"kind: {reply.kind}" + (", a decision about one person" if reply.personal else "")]
    lines += [f"read {typed!r} as {read!r}" for typed, read in reply.repairs]
    if reply.escalation:
        escalation = reply.escalation
        lines.append(f"escalation: {escalation.tier}, {escalation.context}")
        for flag in escalation.flags:
            because = f" ({flag.modifier})" if flag.modifier else ""
            lines.append(f'  {flag.concept} {flag.tier}, {flag.context} by {flag.by}: "{flag.words}"{because}')
    for why in reply.why:
        lines += _query(why)
    return "\n".join(lines)


def _query(why: Why) -> list[str]:
    lines = [f'searched: "{why.query}" ({why.known:.0%} of it known words)']
    if why.ranked:
        first, *others = why.ranked
        lines.append(f"  first: {first.entry_id} {first.score:.2f}, by the words: {', '.join(why.matched) or 'none'}")
        lines.append(f'  nearest phrasing: "{why.nearest}"')
        lines += [f"  then: {r.entry_id} {r.score:.2f}" for r in others]
    return lines
