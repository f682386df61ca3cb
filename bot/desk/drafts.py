"""An entry drafted from a question that nobody could answer yet: YAML for knowledge/entries."""

from __future__ import annotations

import re

_SMALL = frozenset(
    re.findall(
        r"\w+",
        "a an the i my me is are was do does did can could will would should to of for in on at "
        "and or it this that what when how why who where have has had be am after before with",
    )
)
_LONGEST_ID = 5  #: words

_TEMPLATE = """\
# Drafted from a question that the bot could not answer. To use it:
#   1. put it into knowledge/entries/GROUP.yaml: basics, candidacy, preparing, procedure-day,
#      recovery, risks, results or choosing
#   2. write the answer (grade 8 or below), and the question as anybody would ask it
#   3. add at least 20 ways to ask it to knowledge/phrasings/GROUP.yaml under "{entry_id}"
#   4. run `mildbot check`; a clinician reviews it and sets status, by and on
- id: {entry_id}
  question: {question}
  answer:
    - say: "WRITE THE ANSWER HERE."
      cite: {{clinic: [answers by staff]}}
  risk: instruction
  audience: everyone
  review: {{status: pending, by: null, on: null, due: null}}
  tests:
    find:
      - {question}
    not_find:
      - "WRITE A QUESTION THAT ANOTHER ENTRY ANSWERS"
"""


def draft(question: str) -> str:
    """A ready entry to fill in, source kind `clinic`, review pending."""
    text = " ".join(question.split())
    return _TEMPLATE.format(entry_id=entry_id(text), question=_quoted(text))


def entry_id(question: str) -> str:
    """A kebab-case id of the words that say what it is about."""
    words = re.findall(r"[a-z0-9]+", re.sub(r"\[[a-z-]+\]", " ", question.lower()))
    telling = [w for w in words if w not in _SMALL] or words or ["new", "question"]
    return "-".join(telling[:_LONGEST_ID])


def _quoted(text: str) -> str:
    """A YAML string in double quotes, whatever it holds."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else " " for c in escaped) + '"'
