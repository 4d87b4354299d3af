"""The rooms of this package: the committee's, and those of the people who hold a certificate and of everybody."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("certificates", __name__)
own = Blueprint("certificate", __name__)
