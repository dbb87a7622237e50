"""When: the time that a clause ties to its stage."""
