"""Acts on people's data."""

from contest.privacy.services.erasing import Erased, erase, finish, pending, reapply
from contest.privacy.services.retaining import Kept, Line, report, retain, set_days

__all__ = ["Erased", "Kept", "Line", "erase", "finish", "pending", "reapply", "report", "retain", "set_days"]
