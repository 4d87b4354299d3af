"""The blueprint that the pages about personal data share."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("privacy", __name__)
