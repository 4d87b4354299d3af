"""Development tools with tests of their own."""
