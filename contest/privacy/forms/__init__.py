"""Forms about personal data."""
