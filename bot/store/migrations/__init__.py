"""Migrations, run by `bot.store.upgrade`; never edited once released."""
