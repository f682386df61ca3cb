"""What every store must do: one class, run on SQLite and on a real Postgres."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.store import (
    alerts,
    inbox,
    interactions,
    outbox,
    purge,
    questions,
    surroundings,
    switches,
)
from bot.store.alerts import Alert
from bot.store.errors import StoreError
from bot.store.interactions import Interaction
from bot.store.leases import LEASE, Lease
from bot.store.open import Store
from bot.store.questions import Question

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def lease(by: str = "one", now: datetime = NOW) -> Lease:
    return Lease(by=by, now=now)


def keep(
    store: Store,
    key: str,
    conversation: str = "talk",
    *,
    place: str | None = None,
    priority: int = 2,
    now: datetime = NOW,
) -> bool:
    with store.writing() as tx:
        return inbox.add(
            tx,
            key=key,
            place_key=place,
            conversation=conversation,
            payload=f"text of {key}",
            priority=priority,
            now=now,
        )


def claim(store: Store, conversation: str = "talk", taken: Lease | None = None) -> str | None:
    """The payload that was claimed."""
    with store.writing(durable=False) as tx:
        row = inbox.claim(tx, conversation, taken or lease())
    return row.payload if row else None


def finish(store: Store, conversation: str = "talk", taken: Lease | None = None) -> bool:
    """Claim and finish at once."""
    held = taken or lease()
    with store.writing() as tx:
        row = inbox.claim(tx, conversation, held)
        assert row is not None
        return inbox.finish(tx, row.id, by=held.by, attempts=row.attempts, now=held.now)


def post(
    store: Store, name: str, conversation: str = "talk", *, priority: int = 2, held: bool = False
) -> outbox.Claimed:
    row = outbox.New(purpose="reply", conversation=conversation, payload=name, priority=priority)
    with store.writing() as tx:
        return outbox.add(tx, row, now=NOW, lease=lease() if held else None)


def next_payload(
    store: Store, conversation: str = "talk", taken: Lease | None = None
) -> str | None:
    with store.writing(durable=False) as tx:
        row = outbox.claim_next(tx, conversation, taken or lease())
    return row.payload if row else None


def due(store: Store, taken: Lease | None = None) -> list[str]:
    with store.writing(durable=False) as tx:
        return [row.payload for row in outbox.claim_due(tx, taken or lease(), most=50)]


def interaction(**changes: object) -> Interaction:
    row = Interaction(
        id="i1",
        hour=NOW,
        surface="dm",
        user_hash="person",
        message_hash="message",
        kind="answer",
        tier=None,
        context=None,
        concepts='{"E01": "present"}',
        entries='["driving"]',
        suggestions="[]",
        nearest="driving",
        knowledge="abc",
        latency_ms=3,
        small_talk=None,
        personal=False,
    )
    return replace(row, **changes)  # type: ignore[arg-type]  # of tests only


def question(**changes: object) -> Question:
    row = Question(
        id="q1",
        interaction_id="i1",
        question="what about [name]",
        nearest="driving",
        created_at=NOW,
        expires_at=after(60),
    )
    return replace(row, **changes)  # type: ignore[arg-type]  # of tests only


def alert(**changes: object) -> Alert:
    row = Alert(
        id="a1",
        kind="flag",
        conversation="talk",
        state="open",
        tier="emergency",
        concepts='["E01"]',
        words='["chest pain"]',
        times=1,
        team_id="T1",
        user_id="U1",
        user_hash="person",
        channel_id=None,
        message_ts=None,
        question_id=None,
        created_at=NOW,
        realert_at=after(120),
        return_place="{}",
    )
    return replace(row, **changes)  # type: ignore[arg-type]  # of tests only


class TestStore:
    # ------------------------------------------------------------ transactions
    def test_transaction_is_kept_whole_or_not_at_all(self, store: Store) -> None:
        def half_done() -> None:
            with store.writing() as tx:
                switches.put(tx, "paused", "1", now=NOW)
                raise RuntimeError

        with pytest.raises(RuntimeError):
            half_done()

        with store.reading() as tx:
            assert switches.get(tx, "paused") is None

    def test_error_says_nothing_of_the_values(self, store: Store) -> None:
        with store.writing() as tx:
            interactions.add(tx, interaction())

        with pytest.raises(StoreError) as caught, store.writing() as tx:
            interactions.add(tx, interaction(nearest="planted words"))

        assert "planted" not in str(caught.value)
        assert caught.value.__suppress_context__

    def test_text_of_any_language_comes_back_as_it_was(self, store: Store) -> None:
        text = "¿Dónde? 💊 'quoted' \u202e"
        with store.writing() as tx:
            questions.add(tx, question(question=text))

        with store.reading() as tx:
            found = questions.get(tx, "q1")

        assert found is not None
        assert found.question == text

    # ------------------------------------------------------------ inbox
    def test_message_is_kept_once_by_its_key(self, store: Store) -> None:
        first, second = keep(store, "Ev1"), keep(store, "Ev1")

        assert (first, second) == (True, False)

    def test_message_is_kept_once_by_its_place(self, store: Store) -> None:
        first, second = keep(store, "Ev1", place="C1:1.0"), keep(store, "Ev2", place="C1:1.0")

        assert (first, second) == (True, False)

    def test_duplicate_is_noticed_after_the_message_was_answered(self, store: Store) -> None:
        keep(store, "Ev1")
        finish(store)

        assert keep(store, "Ev1") is False

    def test_messages_without_a_place_are_not_the_same(self, store: Store) -> None:
        assert keep(store, "cmd:1")
        assert keep(store, "cmd:2")

    def test_oldest_message_of_a_conversation_comes_first(self, store: Store) -> None:
        keep(store, "Ev1")
        keep(store, "Ev2")

        first = claim(store)
        held = claim(store)

        assert (first, held) == ("text of Ev1", None)

    def test_next_message_comes_after_the_first_is_done(self, store: Store) -> None:
        keep(store, "Ev1")
        keep(store, "Ev2")
        finish(store)

        assert claim(store) == "text of Ev2"

    def test_conversations_do_not_wait_for_each_other(self, store: Store) -> None:
        keep(store, "Ev1", "one")
        keep(store, "Ev2", "two")

        assert [claim(store, "one"), claim(store, "two")] == ["text of Ev1", "text of Ev2"]

    def test_lost_lease_is_free_after_its_time(self, store: Store) -> None:
        keep(store, "Ev1")
        claim(store)

        before = claim(store, taken=lease("two", NOW + LEASE - timedelta(seconds=1)))
        afterwards = claim(store, taken=lease("two", NOW + LEASE + timedelta(seconds=1)))

        assert (before, afterwards) == (None, "text of Ev1")

    def test_lease_of_a_clock_that_was_set_back_is_free(self, store: Store) -> None:
        keep(store, "Ev1")
        claim(store)

        assert claim(store, taken=lease("two", NOW - timedelta(hours=1))) == "text of Ev1"

    def test_who_lost_the_lease_cannot_finish(self, store: Store) -> None:
        keep(store, "Ev1")
        with store.writing() as tx:
            slow = inbox.claim(tx, "talk", lease("one"))
            quick = inbox.claim(tx, "talk", lease("two", after(20)))
        assert slow is not None
        assert quick is not None

        with store.writing() as tx:
            slow_done = inbox.finish(tx, slow.id, by="one", attempts=slow.attempts, now=NOW)
            quick_done = inbox.finish(tx, quick.id, by="two", attempts=quick.attempts, now=NOW)

        assert (slow_done, quick_done) == (False, True)

    def test_same_process_cannot_finish_with_an_earlier_lease(self, store: Store) -> None:
        keep(store, "Ev1")
        with store.writing() as tx:
            inbox.claim(tx, "talk", lease())
            second = inbox.claim(tx, "talk", lease(now=after(20)))
        assert second is not None

        with store.writing() as tx:
            done = inbox.finish(tx, second.id, by="one", attempts=second.attempts - 1, now=NOW)

        assert done is False

    def test_left_behind_are_conversations_that_nobody_works_on(self, store: Store) -> None:
        keep(store, "Ev1", "held")
        keep(store, "Ev2", "free")
        keep(store, "Ev3", "urgent", priority=0)
        later = lease("two", after(10))
        claim(store, "held", later)

        with store.reading() as tx:
            found = inbox.left_behind(tx, later, most=10)

        assert found == ["urgent", "free"]

    def test_message_of_this_moment_is_not_left_behind(self, store: Store) -> None:
        keep(store, "Ev1")

        with store.reading() as tx:
            found = inbox.left_behind(tx, lease(now=after(1)), most=10)

        assert found == []

    def test_row_behind_a_held_one_is_not_left_behind(self, store: Store) -> None:
        keep(store, "Ev1")
        keep(store, "Ev2")
        later = lease(now=after(10))
        claim(store, taken=later)

        with store.reading() as tx:
            found = inbox.left_behind(tx, later, most=10)

        assert found == []

    def test_release_frees_every_row(self, store: Store) -> None:
        keep(store, "Ev1")
        claim(store)

        with store.writing() as tx:
            released = inbox.release_all(tx)

        assert released == 1
        assert claim(store, taken=lease("two")) == "text of Ev1"

    def test_backlog_counts_what_waits(self, store: Store) -> None:
        keep(store, "Ev1", "done")
        finish(store, "done")
        keep(store, "Ev2", now=after(5))

        with store.reading() as tx:
            assert inbox.backlog(tx) == (1, after(5))

    # ------------------------------------------------------------ outbox
    def test_replies_of_a_conversation_keep_their_order(self, store: Store) -> None:
        first = post(store, "first")
        post(store, "second")

        taken = next_payload(store)
        held = next_payload(store)
        with store.writing() as tx:
            outbox.finish(tx, first.id, now=NOW)
        then = next_payload(store)

        assert (taken, held, then) == ("first", None, "second")

    def test_emergency_overtakes(self, store: Store) -> None:
        post(store, "slow", held=True)
        post(store, "next", priority=1)
        post(store, "emergency", priority=0)

        assert next_payload(store) == "emergency"

    def test_reply_that_is_put_off_holds_back_those_after_it(self, store: Store) -> None:
        slow = post(store, "slow", held=True)
        post(store, "next")
        with store.writing() as tx:
            outbox.put_off(tx, slow, by="one", due_at=after(30))

        assert due(store, lease(now=after(29))) == []
        assert due(store, lease(now=after(30))) == ["slow"]

    def test_due_are_the_first_of_each_conversation(self, store: Store) -> None:
        post(store, "a1", "a")
        post(store, "a2", "a")
        post(store, "b1", "b", priority=1)

        assert due(store) == ["b1", "a1"]

    def test_due_row_of_a_clock_that_was_set_back_is_not_lost(self, store: Store) -> None:
        row = post(store, "reply", held=True)
        with store.writing() as tx:
            outbox.put_off(tx, row, by="one", due_at=after(60))

        assert due(store, lease(now=NOW - timedelta(hours=5))) == ["reply"]

    def test_look_for_due_rows_agrees_with_claiming_them(self, store: Store) -> None:
        with store.reading() as tx:
            nothing = outbox.has_due(tx, lease())
        post(store, "reply")
        with store.reading() as tx:
            something = outbox.has_due(tx, lease())

        assert (nothing, something) == (False, True)

    def test_finished_row_has_no_text(self, store: Store) -> None:
        row = post(store, "secret", held=True)

        with store.writing() as tx:
            done = outbox.finish(tx, row.id, now=NOW)
            again = outbox.finish(tx, row.id, now=NOW)
            left = tx.exec_driver_sql("SELECT payload FROM outbox").scalars().all()

        assert (done, again, left) == (True, False, [None])

    def test_row_that_another_process_took_cannot_be_put_off(self, store: Store) -> None:
        row = post(store, "reply", held=True)
        assert due(store, lease("two", after(20))) == ["reply"]

        with store.writing() as tx:
            assert outbox.put_off(tx, row, by="one", due_at=after(60)) is False
            assert outbox.renew(tx, row.id, attempts=1, lease=lease()) is False

    def test_renewed_lease_lasts_longer(self, store: Store) -> None:
        row = post(store, "reply", held=True)
        with store.writing() as tx:
            outbox.renew(tx, row.id, attempts=1, lease=lease(now=after(10)))

        assert due(store, lease("two", after(20))) == []

    def test_changed_row_is_tried_anew_in_its_new_way(self, store: Store) -> None:
        row = post(store, "with blocks", held=True)
        with store.writing() as tx:
            outbox.change(tx, row.id, by="one", attempts=1, payload="plain")

        assert due(store) == ["plain"]

    def test_outbox_backlog_counts_what_is_due(self, store: Store) -> None:
        row = post(store, "later", "a", held=True)
        post(store, "now", "b")
        with store.writing() as tx:
            outbox.put_off(tx, row, by="one", due_at=after(60))

        with store.reading() as tx:
            assert outbox.backlog(tx, after(1)) == (1, NOW)

    # ------------------------------------------------------------ surroundings
    def look(self, store: Store, now: datetime = NOW) -> surroundings.Around:
        with store.reading() as tx:
            return surroundings.look(
                tx,
                "talk",
                person="person",
                channel="channel",
                since=now - timedelta(minutes=30),
                until=now + timedelta(minutes=30),
            )

    def test_nothing_is_known_at_first(self, store: Store) -> None:
        around = self.look(store)

        assert around == surroundings.Around(
            memory=None,
            introduced=False,
            offered=False,
            paused=False,
            asker=None,
            person_answers=False,
            unsent=False,
        )

    def test_memory_lasts_half_an_hour(self, store: Store) -> None:
        with store.writing() as tx:
            surroundings.remember(tx, "talk", person="person", memory="old", now=NOW)
            surroundings.remember(tx, "talk", person="person", memory="new", now=NOW)

        assert self.look(store, after(29 * 60)).memory == "new"
        assert self.look(store, after(31 * 60)).memory is None

    def test_memory_of_tomorrow_is_none(self, store: Store) -> None:
        with store.writing() as tx:
            surroundings.remember(tx, "talk", person="person", memory="old", now=NOW)

        assert self.look(store, NOW - timedelta(days=1)).memory is None

    def test_introduction_is_made_once(self, store: Store) -> None:
        with store.writing() as tx:
            first = surroundings.introduce(tx, "person", now=NOW)
            second = surroundings.introduce(tx, "person", now=NOW)

        assert (first, second) == (True, False)
        assert self.look(store).introduced

    def test_thread_remembers_who_asked_and_who_took_over(self, store: Store) -> None:
        with store.writing() as tx:
            surroundings.open_thread(tx, "talk", asker="person", now=NOW)
            surroundings.open_thread(tx, "talk", asker="other", now=NOW)
            surroundings.take_over(tx, "talk", now=after(5))
            found = surroundings.thread(tx, "talk")

        assert found == surroundings.Thread(asker_hash="person", person_answers=True)
        assert self.look(store).asker == "person"
        assert self.look(store).person_answers

    def test_unsent_replies_are_seen(self, store: Store) -> None:
        post(store, "reply")

        assert self.look(store).unsent

    def test_pause_is_seen(self, store: Store) -> None:
        with store.writing() as tx:
            switches.put(tx, "paused", "1", now=NOW)
        paused = self.look(store).paused
        with store.writing() as tx:
            switches.put(tx, "paused", "0", now=NOW)

        assert paused
        assert not self.look(store).paused

    # ------------------------------------------------------------ interactions, questions
    def test_interaction_comes_back_as_it_was(self, store: Store) -> None:
        with store.writing() as tx:
            interactions.add(tx, interaction())
            interactions.add(tx, interaction(id="old", hour=NOW - timedelta(days=3)))

        with store.reading() as tx:
            assert interactions.since(tx, NOW) == [interaction()]

    def test_last_rating_counts(self, store: Store) -> None:
        with store.writing() as tx:
            interactions.add(tx, interaction())
            interactions.rate(tx, "i1", helpful=True)
            known = interactions.rate(tx, "i1", helpful=False)
            unknown = interactions.rate(tx, "i2", helpful=True)
            (row,) = interactions.since(tx, NOW)

        assert (known, unknown, row.helpful) == (True, False, False)

    def test_flags_of_a_message_are_found(self, store: Store) -> None:
        with store.writing() as tx:
            interactions.add(tx, interaction())

            assert interactions.concepts_of(tx, "message") == ['{"E01": "present"}']
            assert interactions.concepts_of(tx, "another") == []

    def test_deleted_message_takes_its_question_along(self, store: Store) -> None:
        with store.writing() as tx:
            interactions.add(tx, interaction())
            questions.add(tx, question())

            gone = interactions.remove_message(tx, "message")
            removed = questions.remove_of(tx, gone)

            assert (gone, removed, questions.get(tx, "q1")) == (["i1"], 1, None)
            assert interactions.since(tx, NOW) == []

    def test_question_moves_from_state_to_state(self, store: Store) -> None:
        with store.writing() as tx:
            questions.add(tx, question())
            open_state = ["open"]
            first = questions.move(tx, "q1", of=open_state, to="claimed", staff="U9", now=NOW)
            second = questions.move(tx, "q1", of=open_state, to="claimed", staff="U8", now=NOW)
            found = questions.get(tx, "q1")

        assert (first, second) == (True, False)
        assert found == question(state="claimed", staff_id="U9", changed_at=NOW)

    def test_expired_question_is_not_listed(self, store: Store) -> None:
        with store.writing() as tx:
            questions.add(tx, question())

            assert len(questions.in_states(tx, ["open"], now=after(59))) == 1
            assert questions.in_states(tx, ["open"], now=after(60)) == []

    # ------------------------------------------------------------ alerts
    def test_card_of_a_conversation_is_found_until_it_is_closed(self, store: Store) -> None:
        with store.writing() as tx:
            alerts.add(tx, alert())
            found = alerts.open_in(tx, "talk", "flag")
            other_kind = alerts.open_in(tx, "talk", "person")
            alerts.change(tx, "a1", of=["open"], state="closed")
            closed = alerts.open_in(tx, "talk", "flag")

        assert (found, other_kind, closed) == (alert(), None, None)

    def test_only_one_can_take_an_alert(self, store: Store) -> None:
        with store.writing() as tx:
            alerts.add(tx, alert())
            first = alerts.change(tx, "a1", of=["open"], state="claimed", claimed_by="U9")
            second = alerts.change(tx, "a1", of=["open"], state="claimed", claimed_by="U8")
            found = alerts.get(tx, "a1")

        assert (first, second) == (True, False)
        assert found is not None
        assert found.claimed_by == "U9"

    def test_reminder_is_due_for_a_delivered_open_card(self, store: Store) -> None:
        def reminded(now: datetime) -> list[str]:
            with store.reading() as tx:
                found = alerts.realerts_due(
                    tx,
                    now,
                    emergency=now + timedelta(minutes=2),
                    urgent=now + timedelta(minutes=15),
                )
                return [row.id for row in found]

        with store.writing() as tx:
            alerts.add(tx, alert(id="on its way"))
            alerts.add(tx, alert(id="delivered", card_ts="1.0"))
            alerts.add(tx, alert(id="taken", card_ts="1.0", state="claimed"))

        assert reminded(after(119)) == []
        assert reminded(after(120)) == ["delivered"]
        assert reminded(after(-1)) == ["delivered"]  # set back, and so set too late

    def test_undelivered_alerts_are_found_by_tier(self, store: Store) -> None:
        with store.writing() as tx:
            alerts.add(tx, alert(id="emergency"))
            alerts.add(tx, alert(id="urgent", tier="urgent"))
            alerts.add(tx, alert(id="person", tier=None, kind="person"))
            alerts.add(tx, alert(id="question", tier=None, kind="unanswered"))
            alerts.add(tx, alert(id="arrived", card_ts="1.0"))
            alerts.add(tx, alert(id="told", told_patient_at=NOW))

            soon = alerts.undelivered(tx, emergency=NOW, urgent=after(-1))
            later = alerts.undelivered(tx, emergency=NOW, urgent=NOW)

        assert [row.id for row in soon] == ["emergency"]
        assert sorted(row.id for row in later) == ["emergency", "person", "urgent"]

    # ------------------------------------------------------------ counters
    def test_counters_count_by_day(self, store: Store) -> None:
        with store.writing() as tx:
            switches.count(tx, "duplicates", now=NOW)
            switches.count(tx, "duplicates", now=NOW)
            switches.count(tx, "duplicates", now=NOW + timedelta(days=1))

        with store.reading() as tx:
            found = switches.counts(tx, NOW.date())

        assert [(name, n) for name, _, n in found] == [("duplicates", 2), ("duplicates", 1)]

    # ------------------------------------------------------------ deleting
    def expire(self, store: Store, now: datetime) -> dict[str, int]:
        with store.writing() as tx:
            return purge.expired(
                tx,
                now=now,
                day=now - timedelta(days=1),
                memory=now - timedelta(minutes=30),
                keep=now - timedelta(days=30),
            )

    def test_what_expired_is_deleted_and_what_waits_is_not(self, store: Store) -> None:
        keep(store, "done", "a")
        finish(store, "a")
        keep(store, "waits", "b")
        sent = post(store, "sent", "c", held=True)
        post(store, "unsent", "d")
        with store.writing() as tx:
            outbox.finish(tx, sent.id, now=NOW)
            questions.add(tx, question())
            surroundings.remember(tx, "talk", person="person", memory="{}", now=NOW)
            surroundings.open_thread(tx, "talk", asker="person", now=NOW)
            interactions.add(tx, interaction())
            alerts.add(tx, alert())

        gone = self.expire(store, NOW + timedelta(days=31))

        assert gone == {
            "finished messages": 1,
            "finished deliveries": 1,
            "memories": 1,
            "questions": 1,
            "threads": 1,
            "user hashes": 1,
            "open alerts": 1,
            "words of closed alerts": 0,
        }
        assert claim(store, "b") == "text of waits"
        assert due(store) == ["unsent"]

    def test_nothing_that_is_fresh_is_deleted(self, store: Store) -> None:
        keep(store, "done", "a")
        finish(store, "a")
        with store.writing() as tx:
            questions.add(tx, question())
            interactions.add(tx, interaction())
            alerts.add(tx, alert())

        gone = self.expire(store, after(1))

        assert set(gone.values()) == {0}

    def test_forgotten_person_leaves_bare_counts(self, store: Store) -> None:
        with store.writing() as tx:
            interactions.add(tx, interaction())
            interactions.add(tx, interaction(id="i2", user_hash="other"))
            questions.add(tx, question())
            questions.add(tx, question(id="q2", interaction_id="i2"))
            surroundings.remember(tx, "talk", person="person", memory="{}", now=NOW)
            alerts.add(tx, alert())

            gone = purge.forget_person(tx, "person")

            assert gone == {"questions": 1, "memories": 1, "words of alerts": 1, "interactions": 1}
            hashes = {row.id: row.user_hash for row in interactions.since(tx, NOW)}
            assert hashes == {"i1": None, "i2": "other"}
            assert questions.get(tx, "q2") == question(id="q2", interaction_id="i2")

    def test_erased_person_is_not_recognised_again(self, store: Store) -> None:
        with store.writing() as tx:
            surroundings.introduce(tx, "person", now=NOW)
            surroundings.open_thread(tx, "talk", asker="person", now=NOW)
            alerts.add(tx, alert())

            gone = purge.erase_person(tx, "person")

            assert (gone["introductions"], gone["threads"]) == (1, 1)
            assert purge.open_cards_of(tx, "person") == 1
        assert not self.look(store).introduced
