"""Slack: payloads in, blocks out. Listeners carry Slack's words; the rules are the desk's."""
