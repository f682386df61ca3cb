"""HTTP: Slack's events behind a signature, and whether the bot is well."""
