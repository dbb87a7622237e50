"""What Vigie knows of the world outside: feeds, pages, the index, receivers of alerts."""
