"""The blueprint of all pages of this package."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("exchange", __name__)
