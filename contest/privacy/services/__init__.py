"""Acts on people's data."""

from contest.privacy.services.erasing import Erased, erase, finish, pending, reapply

__all__ = ["Erased", "erase", "finish", "pending", "reapply"]
