"""`flask editions …`: the commands of editions; packages to the right add theirs to the group."""

from __future__ import annotations

from flask.cli import AppGroup

editions = AppGroup("editions", help="Editions: load and dump bundles.")
groups = (editions,)
