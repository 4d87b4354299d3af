"""Writes of the stage."""
