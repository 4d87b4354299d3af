"""From marks to results: the ranking, the cut, and the frozen snapshots that are published."""
