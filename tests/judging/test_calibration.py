"""Fair scores from judges who each saw other submissions."""

from __future__ import annotations

import numpy as np

from contest.judging.calibration import calibrate


def test_in_a_complete_design_the_fair_score_is_the_raw_mean() -> None:
    submission, judge = np.divmod(np.arange(60), 5)
    score = np.random.default_rng(0).integers(1, 11, 60).astype(float)
    found = calibrate(submission, judge, score, n_submissions=12, n_judges=5)
    np.testing.assert_allclose(found.shown, score.reshape(12, 5).mean(axis=1), rtol=0, atol=1e-12)
