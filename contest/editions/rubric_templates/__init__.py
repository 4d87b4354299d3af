"""Rubrics to start from: published ones with their source, and the house default."""

from __future__ import annotations

from contest.editions.rubric_templates.house import HOUSE
from contest.editions.rubric_templates.published import PUBLISHED
from contest.editions.rubric_templates.shape import RubricTemplate

TEMPLATES: tuple[RubricTemplate, ...] = (*HOUSE, *PUBLISHED)


def template(key: str) -> RubricTemplate | None:
    """Return a template by its key."""
    return next((one for one in TEMPLATES if one.key == key), None)
