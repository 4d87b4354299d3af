"""Reads about certificates."""
