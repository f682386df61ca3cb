"""What is remembered: SQLite in the user's data folder, or Postgres by DATABASE_URL."""
