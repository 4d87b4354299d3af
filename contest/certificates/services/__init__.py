"""Changes about certificates: the look, consents and volunteers, and the register."""
