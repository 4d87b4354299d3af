"""How moments, numbers and sizes are shown in the user's language and the edition's time zone."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from flask import g, has_request_context
from flask_babel import gettext

from contest.web.wording import locale_here

DEFAULT_ZONE = "Asia/Ho_Chi_Minh"
KILO = 1024


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def zone_name() -> str:
    """Return the time zone of the edition in view."""
    edition = g.get("edition") if has_request_context() else None
    return edition.timezone if edition is not None else DEFAULT_ZONE


def is_english() -> bool:
    """Tell whether the page is in English."""
    locale = locale_here()
    return locale is not None and locale.language == "en"


def localtime(moment: datetime | None, style: str = "full", zone: str = "") -> str:
    """Return "22/11/2026 14:30" (style "full"), "22/11/2026" ("date") or "14:30" ("time"); empty for none.

    "last_day" is the last day before the moment: a term that ends at midnight ends with the day before. The zone is
    that of the edition in view unless one is named.
    """
    if moment is None:
        return ""
    local = moment.astimezone(_zone(zone or zone_name()))
    local -= datetime.resolution if style == "last_day" else timedelta()
    pattern = {"full": "%d/%m/%Y %H:%M", "date": "%d/%m/%Y", "last_day": "%d/%m/%Y", "time": "%H:%M"}[style]
    return local.strftime(pattern)


def decimal_text(value: Decimal | str | None) -> str:
    """Return an exact decimal with the comma in Vietnamese and the point in English; digits are never changed."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else format(value, "f")
    return text if is_english() else text.replace(".", ",")


def money(amount: int) -> str:
    """Return a sum in dong, grouped as the page's language does: "7.000.000 đồng", "VND 7,000,000"."""
    grouped = f"{amount:,}"
    return f"VND {grouped}" if is_english() else f"{grouped.replace(',', '.')} đồng"


def local(value: Any) -> str:
    """Return a wording in the page's language.

    Takes a `LocalText`, a thing whose `name` is one (an edition, a round), or a row with `name_vi` and `name_en`.
    """
    if value is None:
        return ""
    wording = value if hasattr(value, "in_") else getattr(value, "name", None)
    if wording is not None and hasattr(wording, "in_"):
        return str(wording.in_("en" if is_english() else "vi"))
    first, second = (value.name_en, value.name_vi) if is_english() else (value.name_vi, value.name_en)
    return str(first or second)


def filesize(size: int) -> str:
    """Return "812 B", "34 KB", "2.4 MB" or "1.0 GB" with the page's decimal mark."""
    if size < KILO:
        return str(gettext("%(size)s B", size=size))
    if size < KILO * KILO:
        return str(gettext("%(size)s KB", size=size // KILO))
    if size < KILO**3:
        return str(gettext("%(size)s MB", size=decimal_text(f"{size / KILO / KILO:.1f}")))
    return str(gettext("%(size)s GB", size=decimal_text(f"{size / KILO**3:.1f}")))
