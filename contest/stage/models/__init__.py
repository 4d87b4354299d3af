"""Tables of the stage."""

from __future__ import annotations

from contest.stage.models.booths import Booth, Exhibition, Exhibitor
from contest.stage.models.ceremony import Ceremony, CeremonyLogo, CeremonyPress, CeremonyRemote
from contest.stage.models.pitching import PitchBreak, PitchDay, PitchTurn

__all__ = [
    "Booth",
    "Ceremony",
    "CeremonyLogo",
    "CeremonyPress",
    "CeremonyRemote",
    "Exhibition",
    "Exhibitor",
    "PitchBreak",
    "PitchDay",
    "PitchTurn",
]
