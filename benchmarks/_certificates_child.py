"""`python -m benchmarks._certificates_child pdf|zip`: make one file of all certificates; seconds and memory as JSON."""

from __future__ import annotations

import json
import resource
import sys
import time
from tempfile import TemporaryFile

from config import from_env
from contest import create_app
from contest.certificates.exports.batch import printed_of, setting_of
from contest.certificates.exports.files import certificates_pdf, certificates_zip
from contest.certificates.queries.register import valid_certificates
from contest.editions.phases import EditionState
from contest.editions.queries import editions_in_state
from contest.infra import clock


def main(what: str) -> None:
    """Do it once in a fresh process, whose highest memory is then that of the work and of nothing else."""
    app = create_app(from_env())
    with app.app_context():
        edition = editions_in_state(*EditionState)[0]
        began = time.perf_counter()
        rows = valid_certificates(edition.id)
        setting = setting_of(edition, storage=app.extensions["storage"], base="http://127.0.0.1", now=clock.now())
        with TemporaryFile() as made:
            if what == "pdf":
                made.write(certificates_pdf(printed_of(rows), setting))
            else:
                certificates_zip(printed_of(rows), setting, made)
            size = made.tell()
        seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    json.dump({"count": len(rows), "seconds": seconds, "peak": peak, "bytes": size}, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
