"""Reads about judging."""
