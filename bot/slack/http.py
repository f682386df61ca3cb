"""Slack's requests over HTTP, before bolt sees them: signature first, body never logged."""

from __future__ import annotations

from collections.abc import Mapping

from slack_bolt import App, BoltRequest, BoltResponse
from slack_sdk.signature import SignatureVerifier


class Refused(Exception):
    """The request does not come from Slack, or is too old."""


def answer(app: App, body: bytes, headers: Mapping[str, str], signing_secret: str) -> BoltResponse:
    """What bolt answers to a signed request.

    Verified here although bolt does so too: bolt writes the body of a refused one into the log.
    """
    lower = {name.lower(): value for name, value in headers.items()}
    timestamp = lower.get("x-slack-request-timestamp", "")
    signature = lower.get("x-slack-signature", "")
    try:
        is_slack = timestamp.isdigit() and SignatureVerifier(signing_secret).is_valid(
            body, timestamp, signature
        )
        text = body.decode("utf-8")
    except (ValueError, TypeError) as error:  # no text; a signature in other letters
        raise Refused from error
    if not is_slack:
        raise Refused
    return app.dispatch(BoltRequest(body=text, headers=dict(headers)))
