"""Reads about people's data."""
