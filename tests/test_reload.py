"""A running bot and its knowledge folder: what it takes up, what it refuses, and what it says."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from itertools import groupby
from pathlib import Path

import pytest

from bot.api import Bot
from bot.bootstrap import build_index, cache_folder, cached_index, load_engine, reload_s, save
from bot.build_beside import only_builder
from bot.dialogue.engine import Engine
from bot.dialogue.reply import Memory
from bot.errors import BotError
from bot.index import to_bytes
from bot.knowledge.folder import shipped_folder
from bot.knowledge.version import stamp
from bot.reload import News, Watch
from tests.small import SMALL, edit, renew, small_index

ASK = "what does it cost"
ORDER = ["0199", "0123", "0177"]


class Home:
    """A bot on a copy of the small knowledge, and a watch over it that is driven by hand."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bot = Bot.load(folder)
        self.news: list[News] = []
        self.builds = 0
        self.while_building: list[Callable[[], None]] = []
        self.watch = self.another(self.bot)
        self.looks(1)

    def another(self, bot: Bot, accept: Callable[[Engine], None] = lambda engine: None) -> Watch:
        return Watch(bot, every_s=0, tell=self.news.append, accept=accept, build=self.build)

    def build(self, folder: Path, cache: Path, stopping: threading.Event) -> None:
        """As the process does it, but here."""
        self.builds += 1
        index = build_index(folder)
        for happens in self.while_building:
            happens()
        self.while_building.clear()
        save(cached_index(index.source, cache), to_bytes(index))

    def looks(self, count: int = 2) -> None:
        """Two looks: the first one sees the change, the second one that it is over."""
        for _ in range(count):
            self.watch.look()

    @property
    def answers_with(self) -> str:
        """The clinic's number as people are told it."""
        text = self.bot.reply(ASK).text
        return next(number for number in ("555-0199", "555-0123", "555-0177") if number in text)

    @property
    def problems(self) -> list[str]:
        return [one.text for one in self.news if one.is_problem]

    # ------------------------------------------------------------ what people do to the folder
    def phone(self, old: str = "555-0199", new: str = "555-0123") -> None:
        edit(self.folder / "clinic.yaml", old, new)

    def break_it(self) -> None:
        edit(self.folder / "clinic.yaml", "phone:", "fone:")

    def mend_it(self) -> None:
        edit(self.folder / "clinic.yaml", "fone:", "phone:")

    def renew(self) -> None:
        renew(self.folder)

    def delete_it(self) -> None:
        shutil.rmtree(self.folder)

    def bring_it_back(self) -> None:
        shutil.copytree(SMALL, self.folder)

    def touch_it(self) -> None:
        (self.folder / "clinic.yaml").touch()

    def add_a_note(self) -> None:
        (self.folder / "notes.txt").write_text("call the plumber", encoding="utf-8")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("MILDBOT_CACHE", str(tmp_path / "cache"))
    index = small_index()
    save(cached_index(index.source), to_bytes(index))
    return Home(Path(shutil.copytree(SMALL, tmp_path / "knowledge")))


# ---------------------------------------------------------------- what becomes of a change
@pytest.mark.parametrize(
    ("deeds", "number", "told", "builds"),
    [
        ("looks", "555-0199", [], 0),
        ("touch_it looks", "555-0199", [], 0),
        ("add_a_note looks", "555-0199", [], 0),
        ("phone looks", "555-0123", ["new"], 1),
        ("renew looks", "555-0123", ["new"], 1),
        ("phone looks looks looks", "555-0123", ["new"], 1),
        ("break_it looks", "555-0199", ["problem"], 1),
        ("break_it looks looks looks", "555-0199", ["problem"], 1),
        ("break_it looks mend_it looks", "555-0199", ["problem"], 1),
        ("break_it looks phone looks", "555-0199", ["problem", "problem"], 2),
        ("break_it looks phone looks mend_it looks", "555-0123", ["problem", "problem", "new"], 3),
        ("phone looks break_it looks", "555-0123", ["new", "problem"], 2),
        ("delete_it looks", "555-0199", ["problem"], 1),
        ("delete_it looks looks", "555-0199", ["problem"], 1),
        ("delete_it looks bring_it_back looks", "555-0199", ["problem"], 1),
        ("delete_it looks bring_it_back phone looks", "555-0123", ["problem", "new"], 2),
        ("delete_it bring_it_back looks", "555-0199", [], 0),
    ],
)
def test_deeds(deeds: str, number: str, told: list[str], builds: int, home: Home) -> None:
    for deed in deeds.split():
        getattr(home, deed)()

    assert home.answers_with == number
    assert ["problem" if one.is_problem else "new" for one in home.news] == told
    assert home.builds == builds


def test_what_was_in_use_before_is_taken_from_the_cache(home: Home) -> None:
    home.phone()
    home.looks()

    home.phone("555-0123", "555-0199")
    home.looks()

    assert (home.answers_with, home.builds) == ("555-0199", 1)


def test_files_that_are_being_written_are_left_alone(home: Home) -> None:
    home.phone()
    home.looks(1)
    home.phone("555-0123", "555-0177")
    home.looks(1)

    assert home.builds == 0

    home.looks(1)
    assert (home.answers_with, home.builds) == ("555-0177", 1)


def test_change_during_a_build_is_built_too(home: Home) -> None:
    home.while_building.append(lambda: home.phone("555-0123", "555-0177"))
    home.phone()

    home.looks(2)
    assert home.answers_with == "555-0123"

    home.looks(2)
    assert (home.answers_with, home.builds) == ("555-0177", 2)
    assert home.problems == []


def test_half_an_edit_that_was_built_is_no_news(home: Home) -> None:
    def fails(folder: Path, cache: Path, stopping: threading.Event) -> None:
        home.mend_it()
        raise BotError("half of it")

    home.watch = Watch(home.bot, every_s=0, tell=home.news.append, build=fails)
    home.looks(1)
    home.break_it()

    home.looks(6)

    assert home.news == []


def test_change_between_loading_and_the_first_look_is_noticed(home: Home) -> None:
    home.phone()

    home.watch = home.another(home.bot)
    home.looks(1)

    assert home.answers_with == "555-0123"


def test_copy_with_its_old_time_and_size_is_noticed(home: Home) -> None:
    file = home.folder / "clinic.yaml"
    other = home.folder.parent / "clinic.yaml"
    shutil.copy2(file, other)
    edit(other, "555-0199", "555-0123")
    shutil.copystat(file, other)

    other.replace(file)
    home.looks()

    assert home.answers_with == "555-0123"


# ---------------------------------------------------------------- what is said
def test_new_build_is_named(home: Home) -> None:
    home.phone()
    home.looks()

    assert home.news == [News(text=f"new knowledge is in use: build {home.bot.engine.version}")]


def test_problem_is_told_with_its_line_and_the_build_that_stays(home: Home) -> None:
    home.break_it()
    home.looks()

    (told,) = home.problems
    assert f"build {home.bot.engine.version} goes on answering" in told
    assert "knowledge/clinic.yaml:2: " in told


def test_fault_of_ours_is_told_too(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def fault(index: object) -> Engine:
        raise KeyError("a fault")

    home.phone()
    monkeypatch.setattr("bot.reload.assemble", fault)
    home.looks()

    assert home.answers_with == "555-0199"
    assert "KeyError('a fault')" in home.problems[0]


def test_index_that_could_not_be_kept_is_told_with_its_place(home: Home) -> None:
    home.watch = Watch(
        home.bot, every_s=0, tell=home.news.append, build=lambda folder, cache, stopping: None
    )
    home.phone()
    home.looks()

    assert home.answers_with == "555-0199"
    assert str(cache_folder()) in home.problems[0]


def test_knowledge_that_is_not_accepted_is_not_used(home: Home) -> None:
    def refuse(engine: Engine) -> None:
        raise BotError(f"not with {engine.knowledge.clinic.phone}")

    home.watch = home.another(home.bot, accept=refuse)
    home.phone()
    home.looks(3)

    assert home.answers_with == "555-0199"
    assert len(home.problems) == 1
    assert home.problems[0].endswith("not with 555-0123")


def test_problems_of_a_watch_go_to_the_log(home: Home, caplog: pytest.LogCaptureFixture) -> None:
    home.watch = Watch(home.bot, every_s=0, build=home.build)
    home.break_it()
    home.looks()

    (record,) = caplog.records
    assert record.levelname == "WARNING"
    assert "knowledge/clinic.yaml:2: " in record.getMessage()


# ---------------------------------------------------------------- several processes
def test_while_another_process_builds_the_old_one_answers(home: Home) -> None:
    home.phone()

    with only_builder(cache_folder()) as is_ours:
        home.looks(4)

    assert is_ours
    assert (home.answers_with, home.builds, home.news) == ("555-0199", 0, [])


def test_what_another_process_has_built_is_taken_without_a_build(home: Home) -> None:
    home.phone()
    with only_builder(cache_folder()):
        home.looks()
        load_engine(home.folder)
    home.looks(1)

    assert (home.answers_with, home.builds) == ("555-0123", 0)


def test_lock_of_a_process_that_died_is_free(home: Home) -> None:
    home.phone()
    with only_builder(cache_folder()):
        pass

    home.looks()

    assert home.answers_with == "555-0123"


def test_of_many_watches_one_builds(home: Home) -> None:
    bots = [Bot(home.bot.engine, home.folder) for _ in range(4)]
    watches = [home.another(bot) for bot in bots]
    home.phone()
    home.while_building.append(lambda: [watch.look() for watch in watches[1:]] and None)

    for watch in watches:
        watch.look()

    assert home.builds == 1
    assert {bot.engine.knowledge.clinic.phone for bot in bots} == {"555-0123"}


# ---------------------------------------------------------------- while people ask
class Asker(threading.Thread):
    """Asks without a pause, and notes by which knowledge it was answered."""

    def __init__(self, bot: Bot) -> None:
        super().__init__(daemon=True)
        self._bot = bot
        self._is_over = threading.Event()
        self._heard = threading.Condition()
        self.numbers: list[str] = []
        self.problems: list[BaseException] = []

    def run(self) -> None:
        memory = Memory()
        while not self._is_over.is_set():
            for message in ("can i drive", "and the price?", "I have chest pain", "still"):
                try:
                    reply, memory = self._bot.converse(message, memory)
                    number = next(n for n in ORDER if n in reply.text)
                except BaseException as error:  # noqa: BLE001 - whatever it is, it must not be
                    self.problems.append(error)
                    return
                with self._heard:
                    self.numbers.append(number)
                    self._heard.notify_all()

    def wait_for(self, number: str) -> None:
        with self._heard:
            assert self._heard.wait_for(lambda: number in self.numbers[-4:], 20)

    def end(self) -> None:
        self._is_over.set()
        self.join()


def test_every_message_is_answered_while_the_engine_is_exchanged(home: Home) -> None:
    askers = [Asker(home.bot) for _ in range(8)]

    for asker in askers:
        asker.start()
        asker.wait_for("0199")
    home.renew()
    home.looks()
    for asker in askers:
        asker.wait_for("0123")
    home.phone("555-0123", "555-0177")
    home.looks()
    for asker in askers:
        asker.wait_for("0177")
        asker.end()

    assert [asker.problems for asker in askers] == [[]] * 8
    # each message by one knowledge, and none by an older one than the message before
    assert [[number for number, _ in groupby(asker.numbers)] for asker in askers] == [ORDER] * 8


@pytest.mark.parametrize("message", ["still", "and how long?", "yes", "", "what about that"])
@pytest.mark.parametrize("before", ["can i drive", "I have chest pain", "price", "hello"])
def test_memory_of_what_is_gone_is_no_error(before: str, message: str, home: Home) -> None:
    _, memory = home.bot.converse(before, Memory())

    home.renew()
    home.looks()
    reply, _ = home.bot.converse(message, memory)

    assert "555-0123" in reply.text
    assert reply.knowledge == home.bot.engine.version


# ---------------------------------------------------------------- the thread
def test_thread_takes_up_a_change_and_ends_when_told(home: Home) -> None:
    taken = threading.Event()
    watch = Watch(home.bot, every_s=0.01, tell=lambda news: taken.set(), build=home.build)
    home.phone()

    with watch:
        assert taken.wait(20)

    assert home.answers_with == "555-0123"
    assert [t.name for t in threading.enumerate() if t.name == "reload"] == []


@pytest.mark.parametrize(
    ("folder", "every_s"), [(None, 1), (SMALL, 0)], ids=["no folder", "looking never"]
)
def test_what_cannot_change_is_not_watched(folder: Path | None, every_s: float, home: Home) -> None:
    with Watch(Bot(home.bot.engine, folder), every_s=every_s):
        assert [t.name for t in threading.enumerate() if t.name == "reload"] == []


def test_knowledge_in_a_wheel_is_not_watched(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = tmp_path / "knowledge_data"
    inside.mkdir()
    monkeypatch.setattr("bot.knowledge.folder._INSIDE", inside)

    with Watch(Bot(home.bot.engine, shipped_folder()), every_s=1):
        assert [t.name for t in threading.enumerate() if t.name == "reload"] == []


def test_build_is_broken_off_at_the_end_and_nothing_is_said(home: Home) -> None:
    begun = threading.Event()

    def build(folder: Path, cache: Path, stopping: threading.Event) -> None:
        begun.set()
        assert stopping.wait(20)
        raise BotError("the build was broken off")

    home.phone()
    with Watch(home.bot, every_s=0.01, tell=home.news.append, build=build):
        assert begun.wait(20)

    assert home.news == []


def test_bot_watches_by_itself(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MILDBOT_RELOAD_S", "1")

    watch = home.bot.watch()
    names = [t.name for t in threading.enumerate()]
    watch.stop()

    assert "reload" in names


# ---------------------------------------------------------------- the setting, and the stamp
@pytest.mark.parametrize(("given", "seconds"), [("", 5), ("0", 0), (" 30 ", 30), ("86400", 86_400)])
def test_seconds_between_looks(given: str, seconds: int) -> None:
    assert reload_s({"MILDBOT_RELOAD_S": given}) == seconds


@pytest.mark.parametrize("given", ["-1", "1.5", "soon", "nan", "86401", "9" * 5000])
def test_seconds_that_make_no_sense_are_told_with_their_variable(given: str) -> None:
    with pytest.raises(BotError, match="MILDBOT_RELOAD_S"):
        reload_s({"MILDBOT_RELOAD_S": given})


def test_stamp_of_a_folder_that_is_gone_is_empty(tmp_path: Path) -> None:
    assert stamp(tmp_path / "gone") == ()
