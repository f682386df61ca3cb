"""Who is staff: remembered for a minute, and no on every error."""

from __future__ import annotations

import pytest

from bot.desk.values import Person
from bot.slack.app import make_client
from bot.slack.settings import for_socket
from bot.slack.staff import KEPT_S, REFRESH_S, Staff
from tests.fake_slack import PATIENT, STAFF, STAFF_GROUP, TEAM, FakeSlack, refused, server_error

METHOD = "usergroups.users.list"


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def staff(slack: FakeSlack, clock: Clock) -> Staff:
    client = make_client(for_socket(slack.environment()), {}, timeout_s=1)
    return Staff(client, group=STAFF_GROUP, ids=frozenset({"U7"}), clock=clock)


def person(user_id: str) -> Person:
    return Person(team_id=TEAM, user_id=user_id)


def test_member_of_the_group_is_staff(staff: Staff) -> None:
    assert staff.is_staff(person(STAFF))
    assert not staff.is_staff(person(PATIENT))
    assert not staff.is_staff(person(""))


def test_listed_id_is_staff_without_asking(staff: Staff, slack: FakeSlack) -> None:
    assert staff.is_staff(person("U7"))
    assert slack.calls.of(METHOD) == []


def test_group_is_remembered_for_a_minute(staff: Staff, slack: FakeSlack, clock: Clock) -> None:
    staff.is_staff(person(STAFF))
    clock.now += KEPT_S - 1
    staff.is_staff(person(STAFF))
    assert len(slack.calls.of(METHOD)) == 1

    clock.now += 2
    staff.is_staff(person(STAFF))
    assert len(slack.calls.of(METHOD)) == 2


def test_change_of_the_group_is_seen_at_once(staff: Staff, slack: FakeSlack) -> None:
    assert staff.is_staff(person(STAFF))
    slack.world.groups[STAFF_GROUP].clear()

    staff.forget()

    assert not staff.is_staff(person(STAFF))


@pytest.mark.parametrize("fault", [refused("plan_upgrade_required"), server_error(500)])
def test_error_means_no(fault: object, staff: Staff, slack: FakeSlack) -> None:
    slack.faults.always(METHOD, fault)  # type: ignore[arg-type]

    assert not staff.is_staff(person(STAFF))


def test_old_knowledge_is_no_knowledge(staff: Staff, slack: FakeSlack, clock: Clock) -> None:
    staff.is_staff(person(STAFF))
    slack.faults.always(METHOD, server_error(500))

    clock.now += KEPT_S

    assert not staff.is_staff(person(STAFF))


def test_dead_method_is_not_asked_at_every_click(
    staff: Staff, slack: FakeSlack, clock: Clock
) -> None:
    slack.faults.always(METHOD, server_error(500))
    staff.is_staff(person(STAFF))
    staff.is_staff(person(STAFF))

    assert len(slack.calls.of(METHOD)) == 1


def test_refresh_asks_before_it_is_too_old(staff: Staff, slack: FakeSlack, clock: Clock) -> None:
    staff.refresh()
    staff.refresh()
    assert len(slack.calls.of(METHOD)) == 1

    clock.now += REFRESH_S
    staff.refresh()
    assert len(slack.calls.of(METHOD)) == 2


def test_without_a_group_only_the_ids_count(slack: FakeSlack) -> None:
    client = make_client(for_socket(slack.environment()), {}, timeout_s=1)
    staff = Staff(client, ids=frozenset({"U7"}))

    staff.refresh()

    assert not staff.is_staff(person(STAFF))
    assert slack.calls.of(METHOD) == []
