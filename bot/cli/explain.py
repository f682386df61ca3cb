"""Why a reply came out as it did, in words of the real computation."""

from __future__ import annotations

from bot.dialogue.engine import Engine
from bot.dialogue.reply import Escalation, Reply
from bot.retrieval.ranker import Ranking


def explain(reply: Reply, engine: Engine) -> str:
    """Lines for `--why` and `/why`."""
    lines = [f"kind: {reply.kind}" + (", a decision about one person" if reply.personal else "")]
    lines += [f"read {typed!r} as {read!r}" for typed, read in reply.repairs]
    if reply.escalation:
        lines += _escalation(reply.escalation)
    for ranking in reply.rankings:
        lines += _query(ranking, engine)
    lines += [f"source: {source}" for source in sources(reply, engine)]
    return "\n".join(lines)


def sources(reply: Reply, engine: Engine) -> list[str]:
    """Document and heading behind each sentence of the answers, each once."""
    cites = [c for e in reply.entries for s in engine.entries[e.id].sentences for c in s.citations]
    known = engine.knowledge.sources
    return [f"{known[c.source].publisher}: {c.heading}" for c in dict.fromkeys(cites)]


def _escalation(escalation: Escalation) -> list[str]:
    lines = [f"escalation: {escalation.tier}, {escalation.context}"]
    for flag in escalation.flags:
        because = f" ({flag.modifier})" if flag.modifier else ""
        found = f'{flag.context} by {flag.by}: "{flag.words}"'
        lines.append(f"  {flag.concept} {flag.tier}, {found}{because}")
    return lines


def _query(ranking: Ranking, engine: Engine) -> list[str]:
    lines = [f'searched: "{ranking.query}" ({ranking.signals.known:.0%} of it known words)']
    if ranking.ranked:
        first, *others = ranking.ranked[:3]
        words = ", ".join(engine.ranker.telling_words(ranking)) or "none"
        lines.append(f"  first: {first.entry_id} {first.score:.2f}, by the words: {words}")
        lines.append(f'  nearest phrasing: "{ranking.nearest}"')
        lines += [f"  then: {r.entry_id} {r.score:.2f}" for r in others]
    return lines
