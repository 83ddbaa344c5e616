"""What people say of texts: stars, tags and notes, answers of blind comparisons, and reports; kept in SQLite or PostgreSQL."""
