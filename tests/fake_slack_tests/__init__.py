"""Tests of the fake Slack itself: what it refuses, how it fails, and bolt apps living in it."""
