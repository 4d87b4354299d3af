"""The tables of this package, gathered so that the factory and the migrations see them."""

from __future__ import annotations

from contest.infra.alarms import Alarm
from contest.infra.audit import AuditEntry
from contest.infra.background import Job
from contest.infra.heads import KeptHead
from contest.infra.mail import OutboxMail

__all__ = ["Alarm", "AuditEntry", "Job", "KeptHead", "OutboxMail"]
