"""The whole application under bad input: every page, every form, every role."""
