"""Papers to sign: score sheets, summary sheets, minutes, proposals, lists and the report, as PDF and Word."""
