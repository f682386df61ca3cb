"""The same clean surroundings and fake Slack as in tests/slack."""

from tests.slack.conftest import no_slack_around, slack

__all__ = ["no_slack_around", "slack"]
