"""Slack on loopback: real HTTP and websockets, Slack's own rules, and faults on demand."""

from tests.fake_slack.api import Refused
from tests.fake_slack.calls import Call
from tests.fake_slack.deeds import Deed
from tests.fake_slack.deliveries import FAST_RETRIES, SLACK_RETRIES, Delivery
from tests.fake_slack.fake import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, FakeSlack
from tests.fake_slack.faults import (
    Fault,
    bad_gateway,
    dropped,
    rate_limited,
    refused,
    server_error,
    slow,
)
from tests.fake_slack.model import (
    APP,
    BOT,
    BOT_USER,
    GENERAL,
    PATIENT,
    STAFF,
    STAFF_CHANNEL,
    STAFF_GROUP,
    TEAM,
    Channel,
    Message,
    User,
)

__all__ = [
    "APP",
    "APP_TOKEN",
    "BOT",
    "BOT_TOKEN",
    "BOT_USER",
    "FAST_RETRIES",
    "GENERAL",
    "PATIENT",
    "SIGNING_SECRET",
    "SLACK_RETRIES",
    "STAFF",
    "STAFF_CHANNEL",
    "STAFF_GROUP",
    "TEAM",
    "Call",
    "Channel",
    "Deed",
    "Delivery",
    "FakeSlack",
    "Fault",
    "Message",
    "Refused",
    "User",
    "bad_gateway",
    "dropped",
    "rate_limited",
    "refused",
    "server_error",
    "slow",
]
