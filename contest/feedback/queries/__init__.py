"""Reads about letters to the teams."""
