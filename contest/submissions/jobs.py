"""What goes on by itself: half files are swept away, and files that missed the scanner are scanned."""

from __future__ import annotations

from contest.infra import background, clock
from contest.infra.db import unit_of_work
from contest.infra.partial import LIFETIME, current_partials
from contest.infra.scanner import current_scanner
from contest.infra.storage import current_storage
from contest.submissions import services

SWEEP_SECONDS = 600
SCAN_SECONDS = 60
AT_ONCE = 20


@background.every(SWEEP_SECONDS)
def sweep_half_files() -> None:
    """Remove what got no byte for an hour."""
    before = clock.now() - LIFETIME
    current_partials().sweep(before)
    current_storage().sweep(before)


@background.every(SCAN_SECONDS)
def scan_again() -> None:
    """Scan files that came while the scanner was away; stop at the first that it does not answer for."""
    scanner, storage = current_scanner(), current_storage()
    if not scanner.address:
        return
    for file_id, key in services.waiting_for_scan(AT_ONCE):
        try:
            with storage.open(key) as stream:
                scan = scanner.scan(stream)
        except FileNotFoundError:
            continue
        if not scan.answered:
            return
        with unit_of_work():
            services.settle_scan(file_id=file_id, scan=scan, now=clock.now())
