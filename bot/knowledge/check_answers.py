"""Checks of what a reader sees: citations, reading level, wording, slots, replies, clinic."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.knowledge.model import Entry, Knowledge, Sentence
from bot.knowledge.nodes import nearest
from bot.knowledge.places import Place, Problem
from bot.knowledge.readability import grade
from bot.language.normalise import normalise
from bot.triage.flags import TIERS

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
_SLOT = re.compile(r"\{[^}]*\}")
# Ten digits however they are set apart, or seven set apart as a number is.
_TELEPHONE = re.compile(
    r"(?<!\d)(?:\(?\d{3}\)?[\s./-]{0,3}\d{3}[\s./-]{0,3}\d{4}|\d{3}[.-]\d{4})(?!\d)"
)
_SIGNS = str.maketrans(
    {**dict.fromkeys("\u2032\u201b\u02b9", "'"), **dict.fromkeys("\u2010\u2012\u2212", "-")}
)
_BANNED = (
    ("you will be fine", r"\byou(?:'?ll| will) be (?:fine|ok|okay|all right|alright)\b"),
    ("don't worry", r"\b(?:don'?t|do not|no need to) worry\b"),
    ("this is normal", r"\b(?:this|that|it)(?:'?s| is) (?:completely |perfectly |quite )?normal\b"),
    ("numbness is normal", r"\bnumb\w*[^.]{0,40}\bnormal\b|\bnormal[^.]{0,40}\bnumb"),
    ("wait and see", r"\bwait and see\b|\bwait (?:a few|until|for) (?:days|it)\b"),
    ("guarantee", r"\bguarantee\w*\b|\bwill (?:cure|fix) (?:you|your)\b"),
    ("a dose", r"\b\d+ ?(?:mg|milligrams?)\b"),
    (
        "a diagnosis",
        r"\byou (?:have|probably have|may have) (?:an infection|a clot|a leak|stenosis)\b",
    ),
)


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
    for place, text in (*_answers_and_replies(knowledge), *_names(knowledge)):
        plain = _plain(text)
        for name, pattern in _BANNED:
            if re.search(pattern, plain):
                yield Problem(
                    place=place,
                    what=f'banned wording ({name}): "{text}"',
                    fix="say only what the documents say, and who to call",
                )
        if _TELEPHONE.search(plain):
            yield Problem(
                place=place,
                what="a telephone number",
                fix="use a slot such as {clinic.phone}; numbers stand in clinic.yaml",
            )


def _plain(text: str) -> str:
    """As a message is read: a typographic apostrophe or a line break hides no words."""
    return " ".join(normalise(text).translate(_SIGNS).split())


def _answers_and_replies(knowledge: Knowledge) -> Iterator[tuple[Place, str]]:
    """What is said with its slots filled."""
    yield from ((s.place, s.text) for e in knowledge.entries for s in e.sentences)
    place = Place(file="knowledge/replies.yaml", line=1)
    yield from ((place, text) for text in knowledge.replies.values())


def _names(knowledge: Knowledge) -> Iterator[tuple[Place, str]]:
    """What is named in a reply as it stands: questions, signs, sources."""
    yield from ((e.place, e.question) for e in knowledge.entries)
    yield from ((c.place, text) for c in knowledge.triage.concepts for text in (c.say, c.say_es))
    for source in knowledge.sources.values():
        yield from ((source.place, text) for text in (source.title, source.publisher))


def check_slots(knowledge: Knowledge) -> Iterator[Problem]:
    """A slot in braces is one of clinic.yaml, or one that the reply fills."""
    known = {*knowledge.clinic.slots(), "{signs}", "{topics}", "{choices}", "{sources}"}
    known |= set(SLACK_SLOTS)
    for place, text in _answers_and_replies(knowledge):
        for slot in _SLOT.findall(text):
            if slot not in known:
                yield Problem(
                    place=place,
                    what=f"unknown slot {slot}",
                    fix=f"write one of: {', '.join(sorted(known))}",
                )
    for place, text in _names(knowledge):
        for slot in _SLOT.findall(text):
            yield Problem(
                place=place,
                what=f"the slot {slot} is not filled here",
                fix="slots stand in answers and replies; say it without one",
            )


SLACK_REPLIES = (
    *("slack_helpful", "slack_not_helpful", "slack_talk_to_person", "slack_forget"),
    *("slack_unavailable", "slack_home_title", "slack_home", "slack_home_topics"),
    *("slack_agent", "slack_prompts", "slack_home_queue"),
    *("slack_card_emergency", "slack_card_urgent", "slack_card_office_hours"),
    *("slack_card_person", "slack_card_unanswered", "slack_card_nearest", "slack_card_who"),
    *("slack_card_where",),
    *("slack_card_since", "slack_card_times", "slack_card_message", "slack_card_words"),
    *("slack_card_open", "slack_card_claimed", "slack_card_closed", "slack_card_told"),
    *("slack_card_over", "slack_claim", "slack_done", "slack_open_person", "slack_queue_claim"),
    *("slack_queue_draft", "slack_queue_answered", "slack_queue_dismiss", "slack_queue_empty"),
    *("slack_queue_more", "slack_draft", "slack_post_answer", "slack_lookup"),
    *("slack_lookup_nothing", "slack_pause_usage"),
)
SLACK_SLOTS = ("{question}", "{who}", "{when}", "{count}", "{words}")
REPLIES = (
    *SLACK_REPLIES,
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
