"""Certificates: their look, the register of numbers, batches, and the public page that says whether one is genuine."""
