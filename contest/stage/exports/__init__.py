"""What leaves the stage as a file."""
