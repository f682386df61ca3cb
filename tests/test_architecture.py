"""Imports point inward: the core knows no front end, no store, no clock, no environment."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

CORE = ("knowledge", "language", "triage", "retrieval", "dialogue")
OUTSIDE = {
    "slack_bolt",
    "sqlalchemy",
    "flask",
    "os",
    "time",
    "logging",
    "random",
    "datetime",
    "socket",
}
FRONT_ENDS = ("bot.cli", "bot.evaluation", "bot.slack", "bot.web", "bot.desk", "bot.store")
WIRING = ("bot.api", "bot.bootstrap")
# Left out: the script that makes vectors.npz, no part of a reply.
SCRIPTS = {"bot/retrieval/distill.py", "bot/retrieval/everyday.py"}

MODULES = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "bot").rglob("*.py"))
CORE_MODULES = [name for name in MODULES if name.split("/")[1] in CORE and name not in SCRIPTS]


def imported(name: str) -> set[str]:
    """Dotted names of all that a module imports, inside functions too."""
    return set(_names(ast.parse((ROOT / name).read_text(encoding="utf-8"))))


def _names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_every_room_of_the_core_is_read() -> None:
    assert {name.split("/")[1] for name in CORE_MODULES} == set(CORE)


@pytest.mark.parametrize("name", CORE_MODULES)
def test_core_imports_nothing_of_the_outside(name: str) -> None:
    tops = {dotted.split(".")[0] for dotted in imported(name)}

    assert tops & OUTSIDE == set()


@pytest.mark.parametrize("name", CORE_MODULES)
def test_core_imports_no_front_end_and_no_wiring(name: str) -> None:
    outward = [dotted for dotted in imported(name) if dotted.startswith(FRONT_ENDS + WIRING)]

    assert outward == []


@pytest.mark.parametrize("name", MODULES)
def test_imports_are_written_in_full(name: str) -> None:
    assert [dotted for dotted in imported(name) if dotted.startswith(".")] == []


@pytest.mark.parametrize(
    ("package", "room"),
    [
        ("prompt_toolkit", "bot/cli/"),
        ("slack_bolt", "bot/slack/"),
        ("sqlalchemy", "bot/store/"),
        ("alembic", "bot/store/"),
        ("psycopg", "bot/store/"),
        ("flask", "bot/web/"),
        ("sentence_transformers", "bot/retrieval/teacher.py"),
    ],
)
def test_optional_package_stays_in_its_room(package: str, room: str) -> None:
    users = [name for name in MODULES if any(d.startswith(package) for d in imported(name))]

    assert [name for name in users if not name.startswith(room)] == []


DESK = [name for name in MODULES if name.startswith("bot/desk/")]
STORE = [name for name in MODULES if name.startswith("bot/store/")]


@pytest.mark.parametrize("name", DESK)
def test_desk_knows_no_front_end_no_clock_and_no_chance(name: str) -> None:
    imports = imported(name)

    outward = ("bot.cli", "bot.slack", "bot.web", "bot.evaluation", *WIRING)
    assert [dotted for dotted in imports if dotted.startswith(outward)] == []
    assert {d.split(".")[0] for d in imports} & {
        "os",
        "time",
        "random",
        "secrets",
        "logging",
    } == set()


@pytest.mark.parametrize("name", STORE)
def test_store_knows_no_other_room(name: str) -> None:
    ours = {dotted for dotted in imported(name) if dotted.startswith("bot.")}

    assert {d for d in ours if not d.startswith(("bot.store", "bot.errors"))} == set()


def test_plain_question_imports_nothing_of_the_store_and_of_slack() -> None:
    heavy = {"sqlalchemy", "alembic", "psycopg", "slack_bolt", "slack_sdk", "flask", "bot.desk"}
    code = f"import sys, bot.cli.main, bot.cli.ask; print(sorted({heavy!r} & set(sys.modules)))"

    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, cwd=ROOT, text=True
    )

    assert run.stdout.strip() == "[]"


@pytest.mark.parametrize("package", ["prompt_toolkit", "sklearn", "scipy"])
def test_package_that_a_plain_reply_does_not_need_is_imported_late(package: str) -> None:
    early = [name for name in MODULES if package in _at_import(ROOT / name)]

    assert early == []


def _at_import(path: Path) -> set[str]:
    """First parts of what a module imports when it is imported itself."""
    body = ast.parse(path.read_text(encoding="utf-8")).body
    statements = [n for n in body if isinstance(n, ast.Import | ast.ImportFrom)]
    return {name.split(".")[0] for node in statements for name in _names(node)}
