"""Small builders: a knowledge of two entries, as frozen values and as a folder of YAML."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from bot.knowledge.check_answers import REPLIES
from bot.knowledge.checks import Check
from bot.knowledge.model import (
    Citation,
    Clinic,
    Concept,
    Entry,
    Example,
    Knowledge,
    LanguageKnowledge,
    ModifierGroup,
    Review,
    Sentence,
    Source,
    TriageKnowledge,
    Tuning,
)
from bot.knowledge.places import Place

HERE = Place(file="knowledge/entries/basics.yaml", line=1)

CLINIC = Clinic(
    name="Hill Clinic",
    phone="555-0100",
    hours="weekdays",
    after_hours="call the same number",
    emergency_number="911",
    crisis_line="988",
    poison_help="Poison Help",
    danger_line="the hotline",
    portal="the portal",
    report="wrong@example.com",
    demo=True,
)


def at(line: int, file: str = "knowledge/entries/basics.yaml") -> Place:
    return Place(file=file, line=line)


def source(**changes: Any) -> Source:
    plain = Source(
        id="leaflet",
        kind="document",
        title="A leaflet",
        publisher="Leaflet House",
        file="leaflet.txt",
        sha256="",
        headings={"Going home": (1, 3)},
        place=at(1, "knowledge/sources.yaml"),
    )
    return replace(plain, **changes)


def sentence(
    text: str = "You go home the same day.",
    *,
    cites: tuple[tuple[str, str], ...] = (("leaflet", "Going home"),),
    line: int = 4,
) -> Sentence:
    citations = tuple(Citation(source=name, heading=heading) for name, heading in cites)
    return Sentence(text=text, citations=citations, place=at(line))


def entry(id: str = "going-home", **changes: Any) -> Entry:
    plain = Entry(
        id=id,
        group="basics",
        question=f"What about {id}?",
        answer=(sentence(),),
        disagreement=(),
        risk="plain",
        audience="everyone",
        review=Review(status="pending", by=None, on=None, due=None),
        must_find=("do I stay the night",),
        must_not_find=("what does it cost",),
        place=HERE,
    )
    return replace(plain, **changes)


def phrasing(text: str, label: str = "going-home", line: int = 1) -> Example:
    place = at(line, "knowledge/phrasings/basics.yaml")
    return Example(text=text, label=label, style="plain", place=place)


def concept(**changes: Any) -> Concept:
    plain = Concept(
        id="E01",
        tier="emergency",
        name="numb saddle",
        say="numbness between the legs",
        say_es="entumecimiento",
        source="guidance",
        reply="",
        ignores=(),
        patterns=("numb ... groin",),
        patterns_es=(),
        misspellings={},
        must_be_present=("my groin is numb",),
        must_be_conditional=("what if my groin goes numb",),
        must_be_silent=("my groin is sore",),
        place=at(7, "knowledge/triage/red_flags.yaml"),
    )
    return replace(plain, **changes)


def modifiers(**changes: Any) -> ModifierGroup:
    plain = ModifierGroup(
        kind="negated",
        direction="forward",
        max_scope=6,
        ended_by=(),
        next_sentence=False,
        patterns=("no",),
        place=at(9, "knowledge/triage/context.yaml"),
    )
    return replace(plain, **changes)


def triage(**changes: Any) -> TriageKnowledge:
    plain = TriageKnowledge(
        classes={},
        concepts=(concept(),),
        terminators=(),
        clause_words=(),
        onset=(),
        modifiers=(),
        figurative=(),
        continuations=(),
        not_continuations=(),
        not_continuation_starts=(),
        never_repaired=(),
    )
    return replace(plain, **changes)


def knowledge(**changes: Any) -> Knowledge:
    """One entry that passes every check but that of enough phrasings; change what matters."""
    plain = Knowledge(
        clinic=CLINIC,
        sources={"leaflet": source(), "guidance": source(id="guidance", kind="safety")},
        entries=(entry(),),
        phrasings=(),
        out_of_scope=(),
        small_talk=(),
        flag_bank=(),
        ordinary_bank=(),
        triage=triage(),
        language=LanguageKnowledge(
            synonyms={},
            abbreviations={},
            protected=(),
            emoji={},
            spanish_words=(),
            other_languages=(),
            question_words=(),
            question_starts=(),
            follow_up=(),
            personal=(),
            complaints=(),
        ),
        replies=dict.fromkeys(REPLIES, "Call us."),
        tuning=Tuning(values={}, measured=""),
    )
    return replace(plain, **changes)


def found(check: Check, made: Knowledge) -> list[str]:
    """What a check finds, with its line."""
    return [f"{p.place.line}: {p.what}" for p in check(made)]


# ---------------------------------------------------------------- the same as files
ENTRY_YAML = """\
- id: going-home
  question: "Do I go home the same day?"
  answer:
    - say: "You go home the same day."
      cite: {leaflet: ["Going home"]}
  risk: plain
  audience: everyone
  review: {status: pending, by: null, on: null, due: null}
  tests:
    find: ["do I stay the night"]
    not_find: ["what does it cost"]
"""

FILES: Mapping[str, str] = {
    "clinic.yaml": """\
name: Hill Clinic
phone: "555-0100"
hours: weekdays
after_hours: call the same number
emergency_number: "911"
crisis_line: "988"
poison_help: Poison Help
danger_line: the hotline
portal: the portal
demo: true
report: wrong@example.com
""",
    "sources.yaml": """\
- id: leaflet
  kind: document
  title: A leaflet
  publisher: Leaflet House
  file: leaflet.txt
  sha256: "0"
  headings:
    "Going home": [1, 3]
- id: guidance
  kind: safety
  title: Public guidance
  publisher: public guidance
  headings: {"red flags": null}
""",
    "entries/basics.yaml": ENTRY_YAML,
    "entries/candidacy.yaml": "[]\n",
    "entries/preparing.yaml": "[]\n",
    "entries/procedure-day.yaml": "[]\n",
    "entries/recovery.yaml": "[]\n",
    "entries/risks.yaml": "[]\n",
    "entries/results.yaml": "[]\n",
    "entries/choosing.yaml": "[]\n",
    "phrasings/basics.yaml": """\
going-home:
  plain: ["Can I sleep in my own bed that night?"]
  desk: ["pt asks re d/c same day"]
""",
    "phrasings/candidacy.yaml": "{}\n",
    "phrasings/preparing.yaml": "{}\n",
    "phrasings/procedure-day.yaml": "{}\n",
    "phrasings/recovery.yaml": "{}\n",
    "phrasings/risks.yaml": "{}\n",
    "phrasings/results.yaml": "{}\n",
    "phrasings/choosing.yaml": "{}\n",
    "language/out_of_scope.yaml": 'near: ["which mattress is best"]\n',
    "language/small_talk.yaml": 'greeting: ["hello"]\n',
    "language/words.yaml": """\
synonyms: {}
abbreviations: {}
protected: []
emoji: {}
spanish: []
other_languages: []
""",
    "language/dialogue.yaml": """\
question_words: []
question_starts: []
follow_up: []
personal: []
complaints: []
""",
    "triage/red_flags.yaml": """\
never_repaired: []
classes: {}
concepts:
  - id: E01
    tier: emergency
    name: numb saddle
    say: numbness between the legs
    say_es: entumecimiento
    source: guidance
    misspellings: {numb: [nubm, nmub]}
    patterns: ["groin ... numb"]
    tests:
      present: ["my groin is numb"]
      conditional: ["what if my groin goes numb"]
      silent: ["my groin is sore"]
""",
    "triage/context.yaml": """\
classes: {}
terminators: []
clause_words: []
onset: []
modifiers:
  - {kind: negated, direction: forward, max_scope: 6, patterns: ["no"]}
  - {kind: hypothetical, direction: forward, max_scope: 6, patterns: ["what if"]}
figurative: []
continuations: []
not_continuations: []
not_continuation_starts: []
""",
    "triage/bank.yaml": 'E01: ["no feeling between my legs"]\n',
    "triage/ordinary.yaml": 'info: ["what is numbness"]\n',
    "replies.yaml": "".join(f"{key}: Call us.\n" for key in REPLIES),
    "tuning.yaml": "measured: nothing yet\nvalues: {answer: 0.5}\n",
}


def write_knowledge(parent: Path, changed: Mapping[str, str | None] | None = None) -> Path:
    """A knowledge folder under `parent`; `changed` replaces files by name, None leaves one out."""
    folder = parent / "knowledge"
    for name, text in {**FILES, **(changed or {})}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if text is not None:
            path.write_text(text, encoding="utf-8")
    return folder
