"""All SQL, in the subset that SQLite and PostgreSQL share, and the numbered migrations."""
