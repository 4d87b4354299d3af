"""The rooms in which a round is judged: closed panels with their common entries, and the desk of a live event."""
