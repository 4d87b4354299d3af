"""Reads of the stage."""
