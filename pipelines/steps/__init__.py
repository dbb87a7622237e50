"""The steps between extraction and alert: thin transforms around pure decisions."""
