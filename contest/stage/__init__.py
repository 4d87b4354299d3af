"""Award night and final day: the ceremony's screens, the pitching order, the timer, the booths."""
