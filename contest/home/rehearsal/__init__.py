"""What a rehearsal is filled with: invented people, a random deal, random marks; the same for the same seed."""
