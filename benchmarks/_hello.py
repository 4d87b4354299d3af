"""The measure of all pages: a Flask application that does nothing."""

from __future__ import annotations

from flask import Flask

app = Flask(__name__)


@app.get("/")
def hello() -> str:
    """Answer with one word."""
    return "hello"
