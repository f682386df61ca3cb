"""Measurements of the whole bot in the fake Slack: kills under traffic, and load.."""
