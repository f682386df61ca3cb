"""The conversation: piped, its commands, colour, a narrow window."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.api import Bot
from bot.cli.main import main
from bot.cli.repl import Conversation
from bot.reload import News, Watch
from tests.cli.conftest import Pipe, Run
from tests.small import renewed_engine, small_engine

DRIVE = "When can I drive after the procedure?"
NUMB = "My leg went completely numb this morning"


@pytest.fixture
def conversation(bot: Bot) -> Conversation:
    return Conversation(bot, colour=False)


# ---------------------------------------------------------------- commands
@pytest.mark.parametrize("command", ["/why", "/sources", "/topics", "/new", "/help", "/quit"])
def test_help_names_every_command(command: str, conversation: Conversation) -> None:
    assert f"  {command} " in conversation.turn("/help")


def test_why_before_anything_was_asked_says_so(conversation: Conversation) -> None:
    assert conversation.turn("/why") == "Nothing has been asked yet."


def test_why_explains_the_last_reply(conversation: Conversation) -> None:
    conversation.turn(DRIVE)

    found = conversation.turn("/why")

    assert found.startswith("kind: answer\nsearched: ")
    assert "  first: driving-after " in found


def test_sources_before_anything_was_asked_says_so(conversation: Conversation) -> None:
    assert conversation.turn("/sources") == (
        "The last message was not answered from the documents."
    )


def test_sources_name_document_and_heading(conversation: Conversation) -> None:
    conversation.turn(DRIVE)

    found = conversation.turn("/sources")

    assert "ReleviiMed: Creating a Comfortable Recovery Space at Home" in found


def test_topics_lists_every_question_under_its_group(conversation: Conversation, bot: Bot) -> None:
    lines = conversation.turn("/topics").splitlines()

    questions = [line[2:] for line in lines if line.startswith("  ")]
    assert questions == [e.question for e in bot.engine.knowledge.entries]
    assert [line for line in lines if not line.startswith("  ")] == [
        "BASICS",
        "CANDIDACY",
        "PREPARING",
        "PROCEDURE DAY",
        "RECOVERY",
        "RISKS",
        "RESULTS",
        "CHOOSING",
    ]


def test_new_forgets_what_the_next_message_could_lean_on(conversation: Conversation) -> None:
    conversation.turn(NUMB)
    conversation.turn("/new")

    found = conversation.turn("still")

    assert "EMERGENCY" not in found


def test_message_without_a_symptom_leans_on_the_one_before(conversation: Conversation) -> None:
    conversation.turn(NUMB)

    found = conversation.turn("still")

    assert found.strip().startswith("EMERGENCY: Call 911 now")


def test_follow_up_leans_on_the_message_before(conversation: Conversation) -> None:
    conversation.turn(DRIVE)

    found = conversation.turn("and swimming?")

    assert "Do not take a bath" in found


def test_unknown_command_lists_the_known_ones(conversation: Conversation) -> None:
    assert conversation.turn("/wyh") == (
        "/wyh is not a command. Commands: /why, /sources, /topics, /new, /help, /quit"
    )


@pytest.mark.parametrize("command", ["/help", "/why", "/new", "/quit", "/my"])
def test_command_with_more_words_is_a_message(command: str, conversation: Conversation) -> None:
    found = conversation.turn(f"{command} my leg went completely numb this morning")

    assert found.strip().startswith("EMERGENCY: Call 911 now")


def test_commands_leave_the_last_reply_to_explain(conversation: Conversation) -> None:
    conversation.turn(DRIVE)
    conversation.turn("/help")

    assert conversation.turn("/why").startswith("kind: answer")


# ---------------------------------------------------------------- new knowledge
@pytest.mark.parametrize("command", ["/why", "/sources", "/topics"])
def test_last_answer_is_explained_by_the_knowledge_it_was_given_from(command: str) -> None:
    bot = Bot(small_engine())
    conversation = Conversation(bot, colour=False)
    conversation.turn("can i drive")

    before = conversation.turn(command)
    bot.engine = renewed_engine()
    after = conversation.turn(command)

    assert "Traceback" not in after
    assert (before == after) is (command != "/topics")


def test_new_knowledge_is_told_before_the_next_answer(
    loaded: Bot, pipe: Pipe, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    news = [News(text="new knowledge is in use"), News(text="it is broken", is_problem=True)]

    def watching(bot: Bot, *, tell: Callable[[News], None]) -> Watch:
        for one in news:
            tell(one)
        return Watch(bot, every_s=0)

    monkeypatch.setattr("bot.cli.repl.watching", watching)
    pipe(f"{DRIVE}\n{DRIVE}\n".encode())

    main([])

    printed = capsys.readouterr()
    assert printed.err == "mildbot: it is broken\n"
    assert printed.out.count("mildbot: new knowledge is in use\n") == 1
    assert printed.out.index("new knowledge is in use") < printed.out.index("Do not drive")


# ---------------------------------------------------------------- looks
def test_emergency_is_red_and_the_rest_is_not(bot: Bot) -> None:
    found = Conversation(bot, colour=True).turn(NUMB)

    first, *others = found.lstrip("\n").split("\n\n")
    assert first.startswith("\x1b[1;31mEMERGENCY")
    assert first.endswith("\x1b[0m")
    assert "\x1b" not in "".join(others)


def test_answer_without_an_escalation_has_no_colour(bot: Bot) -> None:
    assert "\x1b" not in Conversation(bot, colour=True).turn(DRIVE)


def test_without_colour_an_emergency_has_no_escape_codes(conversation: Conversation) -> None:
    assert "\x1b" not in conversation.turn(NUMB)


@pytest.mark.parametrize(("columns", "widest"), [("30", 29), ("60", 59), ("300", 87)])
def test_text_keeps_inside_the_window(
    columns: str, widest: int, conversation: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)

    lines = conversation.turn(DRIVE).splitlines()

    assert max(len(line) for line in lines) <= widest


@pytest.mark.parametrize("command", ["/help", "/topics", "/why", "/sources", "/wyh"])
def test_commands_keep_inside_the_window(
    command: str, conversation: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "44")
    conversation.turn(DRIVE)

    lines = conversation.turn(command).splitlines()

    assert max(len(line) for line in lines) <= 43


def test_tiny_window_is_no_error(
    conversation: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "1")

    assert "24 hours" in " ".join(conversation.turn(DRIVE).split())


def test_wrapping_loses_no_word(
    conversation: Conversation, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "25")

    assert conversation.turn(DRIVE).split() == bot.reply(DRIVE).text.split()


# ---------------------------------------------------------------- piped
def test_piped_conversation_ends_with_its_input(
    loaded: Bot, pipe: Pipe, capsys: pytest.CaptureFixture[str]
) -> None:
    pipe(DRIVE.encode())

    exit_code = main([])

    printed = capsys.readouterr()
    assert (exit_code, printed.err) == (0, "")
    assert "Do not drive for the first 24 hours" in printed.out


def test_welcome_says_what_it_is_and_who_to_call(
    loaded: Bot, pipe: Pipe, capsys: pytest.CaptureFixture[str]
) -> None:
    pipe(b"")

    main(["repl"])

    shown = " ".join(capsys.readouterr().out.split())
    assert "I am an automated program, not a clinician" in shown
    assert "call 911" in shown
    assert loaded.engine.knowledge.clinic.phone in shown


def test_quit_leaves_the_rest_unread(
    loaded: Bot, pipe: Pipe, capsys: pytest.CaptureFixture[str]
) -> None:
    pipe(f"/quit\n{NUMB}\n".encode())

    exit_code = main(["repl"])

    assert exit_code == 0
    assert "EMERGENCY" not in capsys.readouterr().out


def test_quit_with_more_words_is_a_message(
    loaded: Bot, pipe: Pipe, capsys: pytest.CaptureFixture[str]
) -> None:
    pipe(f"/quit {NUMB}\n /QUIT \n{NUMB}\n".encode())

    main(["repl"])

    assert capsys.readouterr().out.count("EMERGENCY: Call 911 now") == 1


def test_closed_stdin_is_the_end(
    loaded: Bot, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", None)

    exit_code = main(["repl"])

    assert exit_code == 0
    assert "call 911" in capsys.readouterr().out


def test_each_message_gets_one_reply_and_empty_ones_none(
    loaded: Bot, pipe: Pipe, capsys: pytest.CaptureFixture[str]
) -> None:
    pipe(f"{NUMB}\n\n   \r\n{NUMB}\r\n".encode())

    main(["repl"])

    assert capsys.readouterr().out.count("EMERGENCY: Call 911 now") == 2


def test_real_conversation_takes_commands_and_bad_bytes(mildbot: Run) -> None:
    said = b"/help\n\xff\xfe can i drive\n/why\n/sources\n/topics\n/new\n/why\n/quit\n"

    done = mildbot(stdin=said)

    shown = done.stdout.decode()
    assert (done.returncode, done.stderr) == (0, b"")
    assert "  first: driving-after " in shown
    assert "  How much does MILD cost?\n" in shown
    assert shown.endswith("A new conversation.\nNothing has been asked yet.\n")


def test_real_conversation_in_a_narrow_window(mildbot: Run) -> None:
    done = mildbot(stdin=f"{DRIVE}\n".encode(), COLUMNS="44", TERM="dumb")

    widest = max(len(line) for line in done.stdout.decode().splitlines())
    assert done.returncode == 0
    assert widest <= 43
