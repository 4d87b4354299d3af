"""How much a bundle holds."""

from __future__ import annotations

from contest.exchange.bundle.model import Bundle


def counts(bundle: Bundle) -> dict[str, int]:
    """Return the number of things by the name of their table, in the order of the format; empty tables are left out."""
    found = {
        "tracks": len(bundle.edition.tracks),
        "fields": len(bundle.edition.fields),
        "parts": len(bundle.edition.parts),
        "rounds": len(bundle.edition.rounds),
        "awards": len(bundle.edition.awards),
        "submissions": len(bundle.submissions),
        "judges": len(bundle.judges),
        "conflicts": len(bundle.conflicts),
        "assignments": len(bundle.assignments),
        "scorecards": len(bundle.scorecards),
        "scores": sum(score.points is not None for score in bundle.scores),
        "adjustments": len(bundle.adjustments),
        "rulings": len(bundle.rulings),
        "award_choices": len(bundle.choices),
        "measured": len(bundle.measured),
        "advancements": len(bundle.advancements),
    }
    return {name: number for name, number in found.items() if number or name == "submissions"}
