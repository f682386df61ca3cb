"""A bot that answers, alerts, and forgets everything when it ends: the measure must notice that.

It acknowledges first and answers half a second later from memory. With `--twice` it answers twice.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from bot.api import Bot
from tests.fake_slack.model import BOT_USER
from tests.fake_slack.wire import escape

_DELAY_S = 0.5


def main(argv: list[str]) -> None:
    times = 2 if "--twice" in argv else 1
    bot = Bot.load()
    client = WebClient(os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"])
    app = App(client=client)

    def answer(event: dict[str, Any]) -> None:
        said = event["text"].replace(f"<@{BOT_USER}> ", "")
        reply = bot.reply(said)
        place = {"channel": event["channel"]}
        if event.get("channel_type") != "im":
            place["thread_ts"] = event["ts"]
        for _ in range(times):
            client.chat_postMessage(text=escape(reply.text), **place)
        if reply.escalation:
            card = f"{reply.escalation.tier}: <@{event['user']}>"
            client.chat_postMessage(channel=os.environ["SLACK_STAFF_CHANNEL"], text=card)

    @app.event("message")
    def on_message(event: dict[str, Any]) -> None:
        if event["channel_type"] == "im":
            threading.Timer(_DELAY_S, answer, [event]).start()

    @app.event("app_mention")
    def on_mention(event: dict[str, Any]) -> None:
        threading.Timer(_DELAY_S, answer, [event]).start()

    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    SocketModeHandler(app, os.environ["SLACK_APP_TOKEN"], ping_interval=1).start()


if __name__ == "__main__":
    main(sys.argv)
