"""One sentence taken apart: its cues, clauses and stages, and what hangs on an "if"."""
