"""The words of all languages: read from ``config/claims``, and looked up in a text."""
