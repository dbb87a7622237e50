"""Who says it, and who asks: people known to a table and others."""
