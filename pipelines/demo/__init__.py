"""`vigie demo`: a recorded news site and the whole line run over it."""
