"""An article read in order: what a sentence carries on from those before, and its claims."""
