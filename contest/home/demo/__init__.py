"""The demo edition: invented ward, schools, teams and judges."""
