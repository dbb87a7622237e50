"""In which stage: requested, possible, planned, underway, completed, denied, suspended, used."""
