"""What the knowledge must fulfil beyond its shape. Each check is one function.

A check yields its problems, and its docstring is its manual page.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

from bot.knowledge.model import Concept, Entry, Example, Knowledge, Sentence
from bot.knowledge.nodes import nearest
from bot.knowledge.places import Place, Problem
from bot.knowledge.readability import grade
from bot.language.normalise import normalise
from bot.language.tokens import words
from bot.triage.flags import TIERS
from bot.triage.patterns import PatternError, Rows, parse, split_members

HIGHEST_GRADE = 8.0
LONGEST_SENTENCE = 25  #: words; 15 is the aim
SAFETY_MAY_CITE = frozenset(
    (
        "when-emergency",
        "when-to-call",
        "recovery-timeline",
        "right-after",
        "how-soon-better",
        "return-to-work",
        "activity-restrictions",
        "driving-after",
        "bathing-swimming",
        "managing-soreness",
        "soreness-normal",
        "return-to-sports",
        "follow-up-visits",
        "where-are-my-instructions",
    )
)
GLOSSARY = frozenset(
    (
        "mild",
        "lumbar",
        "stenosis",
        "ligament",
        "ligamentum",
        "flavum",
        "procedure",
        "spinal",
        "incision",
        "anesthetic",
        "anesthesia",
        "sedation",
        "epidural",
        "hematoma",
        "neurogenic",
        "claudication",
        "vertebrae",
        "laminectomy",
        "laminotomy",
        "interspinous",
        "fluoroscopy",
        "medicare",
        "medication",
        "medications",
    )
)
_TELEPHONE = re.compile(r"\(?\b\d{3}\)?[\s.-]\d{3}[\s.-]\d{4}\b")
_BANNED = (
    ("you will be fine", r"\byou(?:'ll| will) be (?:fine|ok|okay|all right)\b"),
    ("don't worry", r"\b(?:don't|do not|no need to) worry\b"),
    ("this is normal", r"\b(?:this|that|it)(?:'s| is) (?:completely |perfectly |quite )?normal\b"),
    ("numbness is normal", r"\bnumb\w*[^.]{0,40}\bnormal\b|\bnormal[^.]{0,40}\bnumb"),
    ("wait and see", r"\bwait and see\b|\bwait (?:a few|until|for) (?:days|it)\b"),
    ("guarantee", r"\bguarantee\w*\b|\bwill (?:cure|fix) (?:you|your)\b"),
    ("a dose", r"\b\d+ ?(?:mg|milligrams?)\b"),
    (
        "a diagnosis",
        r"\byou (?:have|probably have|may have) (?:an infection|a clot|a leak|stenosis)\b",
    ),
)

Check = Callable[[Knowledge], Iterator[Problem]]


def check(knowledge: Knowledge) -> list[Problem]:
    """All problems of a knowledge that was read, warnings too, sorted by place."""
    return sorted({problem for one in CHECKS for problem in one(knowledge)})


# ---------------------------------------------------------------- ids
def check_ids(knowledge: Knowledge) -> Iterator[Problem]:
    """An entry id stands once, and so does its question and each concept id."""
    yield from _twice([(e.id, e.place) for e in knowledge.entries], "entry id")
    yield from _twice([(e.question, e.place) for e in knowledge.entries], "question")
    yield from _twice([(c.id, c.place) for c in knowledge.triage.concepts], "concept id")


def _twice(named: Sequence[tuple[str, Place]], what: str) -> Iterator[Problem]:
    first: dict[str, Place] = {}
    for name, place in named:
        if name in first:
            yield Problem(
                place=place,
                what=f'{what} "{name}" stands at {first[name]} too',
                fix="rename or remove one of the two",
            )
        first.setdefault(name, place)


def check_labels(knowledge: Knowledge) -> Iterator[Problem]:
    """Phrasings belong to an entry, red-flag messages to a concept."""
    entries = [e.id for e in knowledge.entries]
    concepts = [c.id for c in knowledge.triage.concepts]
    for examples, known, what in (
        (knowledge.phrasings, entries, "entry"),
        (knowledge.flag_bank, concepts, "concept"),
    ):
        seen: set[str] = set()
        for example in examples:
            if example.label not in known and example.label not in seen:
                seen.add(example.label)
                yield Problem(
                    place=example.place,
                    what=f'"{example.label}" is no {what}',
                    fix=f'write "{nearest(example.label, known)}", or add the {what}',
                )


# ---------------------------------------------------------------- answers
def check_citations(knowledge: Knowledge) -> Iterator[Problem]:
    """Every sentence cites a source or more; each citation names a source and its heading."""
    for entry in knowledge.entries:
        for sentence in entry.sentences:
            if not sentence.citations:
                yield Problem(
                    place=sentence.place,
                    what=f'a sentence of "{entry.id}" cites nothing',
                    fix="add cite: {source: [heading]}",
                )
            yield from _check_sentence_citations(entry, sentence, knowledge)


def _check_sentence_citations(
    entry: Entry, sentence: Sentence, knowledge: Knowledge
) -> Iterator[Problem]:
    for cite in sentence.citations:
        source = knowledge.sources.get(cite.source)
        if source is None:
            yield Problem(
                place=sentence.place,
                what=f'entry "{entry.id}" cites "{cite.source}", which is not a known source',
                fix=f'write "{nearest(cite.source, list(knowledge.sources))}", '
                "or list it in sources.yaml",
            )
        elif cite.heading not in source.headings:
            yield Problem(
                place=sentence.place,
                what=f'"{cite.source}" has no heading "{cite.heading}"',
                fix=f'write "{nearest(cite.heading, list(source.headings))}"',
            )
        elif source.kind == "safety" and entry.id not in SAFETY_MAY_CITE:
            yield Problem(
                place=sentence.place,
                what=f'entry "{entry.id}" cites the red-flag list',
                fix="only when-emergency, when-to-call and the recovery entries may; "
                "cite a document",
            )


def check_reading_level(knowledge: Knowledge) -> Iterator[Problem]:
    """An answer with its disagreement reads at US grade 8 or below, its sentences <= 25 words."""
    for entry in knowledge.entries:
        text = " ".join(s.text for s in entry.sentences)
        level = grade(text, leave_out=GLOSSARY)
        if level > HIGHEST_GRADE:
            yield Problem(
                place=entry.place,
                what=f'the answer of "{entry.id}" reads at grade {level:.1f}, '
                f"above {HIGHEST_GRADE:.0f}",
                fix="use shorter words and sentences",
            )
        for sentence in entry.sentences:
            longest = max(
                (len(part.split()) for part in re.split(r"[.!?:]\s", sentence.text)), default=0
            )
            if longest > LONGEST_SENTENCE:
                yield Problem(
                    place=sentence.place,
                    what=f"a sentence of {longest} words",
                    fix="split it; aim at 15 words or fewer",
                    warning=True,
                )


def check_banned_wording(knowledge: Knowledge) -> Iterator[Problem]:
    """No reassurance, diagnosis, dose, promise or advice to wait.

    And no telephone number outside clinic.yaml.
    """
    texts = [(s.place, s.text) for e in knowledge.entries for s in e.sentences]
    texts += [
        (Place(file="knowledge/replies.yaml", line=1), text) for text in knowledge.replies.values()
    ]
    for place, text in texts:
        for name, pattern in _BANNED:
            if re.search(pattern, text, re.IGNORECASE):
                yield Problem(
                    place=place,
                    what=f'banned wording ({name}): "{text}"',
                    fix="say only what the documents say, and who to call",
                )
        if _TELEPHONE.search(text):
            yield Problem(
                place=place,
                what="a telephone number",
                fix="use a slot such as {clinic.phone}; numbers stand in clinic.yaml",
            )


def check_slots(knowledge: Knowledge) -> Iterator[Problem]:
    """A slot in braces is one of clinic.yaml, or one that the reply fills."""
    known = {*knowledge.clinic.slots(), "{signs}", "{topics}", "{choices}", "{sources}"}
    texts = [(s.place, s.text) for e in knowledge.entries for s in e.sentences]
    texts += [
        (Place(file="knowledge/replies.yaml", line=1), text) for text in knowledge.replies.values()
    ]
    for place, text in texts:
        for slot in re.findall(r"\{[^}]*\}", text):
            if slot not in known:
                yield Problem(
                    place=place,
                    what=f"unknown slot {slot}",
                    fix=f"write one of: {', '.join(sorted(known))}",
                )


REPLIES = (
    *(f"{tier}_{context}" for tier in TIERS for context in ("present", "conditional")),
    *(f"{tier}_{context}_es" for tier in TIERS for context in ("present", "conditional")),
    *("triage_failed", "contact_card_es", "out_of_scope", "unreadable", "personal"),
    *("personal_answer", "clarify", "clarify_part", "unanswered_part", "still_unclear"),
    *("sources", "contact", "not_reviewed", "demo", "welcome"),
    *("greeting", "thanks", "goodbye", "identity", "help", "human"),
    *("first_contact", "dm_offer", "paused", "staff_only", "external_refused"),
    *("files_unreadable", "person_asked", "seen_by_clinic", "alert_undelivered"),
    *("forgotten", "feedback_thanks", "report_wrong"),
    *("card_again", "card_wrote_again", "card_more_urgent"),
    *("act_not_staff", "act_gone", "act_taken", "act_done", "answer_posted"),
    *("pause_on", "pause_off", "pause_by_setting"),
)


def check_replies(knowledge: Knowledge) -> Iterator[Problem]:
    """Every sentence that the bot may have to say is there, and no other."""
    place = Place(file="knowledge/replies.yaml", line=1)
    specials = {c.reply for c in knowledge.triage.concepts if c.reply}
    for key in REPLIES:
        if not knowledge.replies.get(key):
            yield Problem(place=place, what=f'"{key}" is missing or empty', fix="write it")
    for key in knowledge.replies:
        special = any(key.endswith((f"_{name}", f"_{name}_es")) for name in specials)
        if key not in REPLIES and not special:
            fix = f'remove it, or write "{nearest(key, list(REPLIES))}"'
            yield Problem(place=place, what=f'nothing says "{key}"', fix=fix)


def check_clinic(knowledge: Knowledge) -> Iterator[Problem]:
    """No detail of the clinic is empty: every reply may name it."""
    place = Place(file="knowledge/clinic.yaml", line=1)
    for slot, value in knowledge.clinic.slots().items():
        if not value.strip():
            yield Problem(place=place, what=f"{slot} is empty", fix="write the clinic's own")


# ---------------------------------------------------------------- banks
def check_duplicates(knowledge: Knowledge) -> Iterator[Problem]:
    """A phrasing stands once, in one entry: the same words cannot mean two entries."""
    first: dict[str, Example] = {}
    for example in knowledge.phrasings:
        key = " ".join(words(normalise(example.text)))
        other = first.setdefault(key, example)
        if other is not example:
            where = "the same entry" if other.label == example.label else f'"{other.label}"'
            yield Problem(
                place=example.place,
                what=f'"{example.text}" stands in {where} at {other.place} too',
                fix="keep it where it fits best",
            )


def check_near_duplicates(knowledge: Knowledge) -> Iterator[Problem]:
    """Warns of phrasings of different entries that hold the same words.

    Another order or other small words make no difference.
    """
    small = frozenset(
        (
            "a",
            "an",
            "the",
            "is",
            "are",
            "was",
            "do",
            "does",
            "did",
            "i",
            "my",
            "me",
            "it",
            "to",
            "of",
            "for",
            "in",
            "on",
            "and",
            "or",
            "please",
            "can",
            "will",
            "you",
        )
    )
    by_words: dict[frozenset[str], Example] = {}
    for example in knowledge.phrasings:
        key = frozenset(words(normalise(example.text))) - small
        if len(key) < 3:
            continue
        other = by_words.setdefault(key, example)
        if other.label != example.label:
            yield Problem(
                place=example.place,
                what=f'"{example.text}" ({example.label}) is nearly '
                f'"{other.text}" ({other.label}, {other.place})',
                fix="make the difference between the two entries heard",
                warning=True,
            )


def check_enough_phrasings(knowledge: Knowledge) -> Iterator[Problem]:
    """Every entry has at least 20 phrasings, tests that it must find and one that it must not."""
    counts: dict[str, int] = defaultdict(int)
    for example in knowledge.phrasings:
        counts[example.label] += 1
    for entry in knowledge.entries:
        if counts[entry.id] < 20:
            yield Problem(
                place=entry.place,
                what=f'"{entry.id}" has {counts[entry.id]} phrasings',
                fix="write at least 20 in knowledge/phrasings",
            )
        if not entry.must_find or not entry.must_not_find:
            yield Problem(
                place=entry.place,
                what=f'"{entry.id}" lacks a test',
                fix="add a question to tests: find and to tests: not_find",
            )


# ---------------------------------------------------------------- triage
def check_patterns(knowledge: Knowledge) -> Iterator[Problem]:
    """Every pattern can be read, and every concept has tests of all three kinds."""
    classes = split_members(knowledge.triage.classes)
    for concept in knowledge.triage.concepts:
        for pattern in (*concept.patterns, *concept.patterns_es):
            yield from _check_pattern(pattern, concept.place, classes)
        for kind, tests in _tests(concept).items():
            if not tests:
                yield Problem(
                    place=concept.place,
                    what=f"{concept.id} has no test that is {kind}",
                    fix=f"add one to tests: {kind}",
                )
        if concept.source not in knowledge.sources:
            yield Problem(
                place=concept.place,
                what=f'unknown source "{concept.source}"',
                fix=f"write one of: {', '.join(knowledge.sources)}",
            )
    for group in knowledge.triage.modifiers:
        for pattern in group.patterns:
            yield from _check_pattern(pattern, group.place, classes)
    place = Place(file="knowledge/triage/context.yaml", line=1)
    for pattern in (
        *knowledge.triage.onset,
        *knowledge.triage.figurative,
        *knowledge.triage.continuations,
    ):
        yield from _check_pattern(pattern, place, classes)


def _check_pattern(pattern: str, place: Place, classes: Mapping[str, Rows]) -> Iterator[Problem]:
    try:
        parse(pattern, classes)
    except PatternError as error:
        yield Problem(
            place=place,
            what=str(error)[:200],
            fix="see the head of red_flags.yaml for how patterns are written",
        )


def _tests(concept: Concept) -> Mapping[str, tuple[str, ...]]:
    return {
        "present": concept.must_be_present,
        "conditional": concept.must_be_conditional,
        "silent": concept.must_be_silent,
    }


def check_classes(knowledge: Knowledge) -> Iterator[Problem]:
    """Warns of word classes that no pattern uses."""
    triage = knowledge.triage
    used = " ".join(
        [*(p for c in triage.concepts for p in (*c.patterns, *c.patterns_es)),
         *(p for g in triage.modifiers for p in g.patterns),
         *triage.onset, *triage.figurative, *triage.continuations]
    )  # fmt: skip
    for name in triage.classes:
        if f"{{{name}}}" not in used:
            yield Problem(
                place=Place(file="knowledge/triage/red_flags.yaml", line=1),
                what=f'the class "{name}" is used nowhere',
                fix="remove it",
                warning=True,
            )


CHECKS: tuple[Check, ...] = (
    check_ids,
    check_labels,
    check_citations,
    check_reading_level,
    check_banned_wording,
    check_slots,
    check_replies,
    check_clinic,
    check_duplicates,
    check_near_duplicates,
    check_enough_phrasings,
    check_patterns,
    check_classes,
)
