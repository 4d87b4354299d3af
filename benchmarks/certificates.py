"""`./run.py bench certificates`: 500 certificates as one PDF and as a .zip, and the page that proves one under load.

--seconds N  of load on the page, per kind of answer (default 5)
"""

from __future__ import annotations

import argparse
import json
import os
import random
import secrets
import statistics
import subprocess
import sys
import tempfile
from dataclasses import asdict, replace
from io import BytesIO
from pathlib import Path
from typing import Any

from flask import Flask
from PIL import Image

from benchmarks import Report, Row
from benchmarks._contest import CODE, build
from benchmarks._load import Visit
from benchmarks._servers import NAME, ROOT, THREADS, Server, free_port, served
from config import from_env
from contest import create_app
from contest.certificates.kinds import Kind
from contest.certificates.look import Language, Look, To
from contest.certificates.queries.register import register_of
from contest.certificates.services.looks import Picture, save_look
from contest.certificates.services.register import issue, revoke
from contest.editions.queries import edition_by_code
from contest.infra import clock
from contest.infra.db import db, unit_of_work

CONNECTIONS, SPARE = 8, 60.0
AIMS = {"pdf": "10 s, 400 MB", "zip": "-"}


def run(args: list[str]) -> Report:
    """Issue 500 certificates in a contest of 500 teams, make the files, then ask for proofs."""
    parser = argparse.ArgumentParser(prog="bench certificates", description=__doc__, allow_abbrev=False)
    parser.add_argument("--seconds", type=float, default=5.0)
    options = parser.parse_args(args)
    with tempfile.TemporaryDirectory(prefix="bench-certificates-") as folder:
        environ = _environ(Path(folder))
        app = create_app(from_env(environ))
        build(app)
        visits = _issued(app)
        rows = [_made(what, environ) for what in ("pdf", "zip")]
        wrong = sum(row["count"] != len(visits["true"]) + 1 for row in rows)
        with served("wsgi:app", "/healthz", {**environ, "PYTHONPATH": str(ROOT)}, free_port()) as server:
            for name, pages in visits.items():
                row, failed = _asked(name, pages, server, options.seconds)
                rows.append(row)
                wrong += failed
    return Report.of(
        rows, wrong=wrong, server=f"{NAME}, 1 process, {THREADS} threads, {CONNECTIONS} connections",
        database="sqlite", certificates="both languages, own background of 2480 x 1754, ornate frame",
    )  # fmt: skip


def _environ(folder: Path) -> dict[str, str]:
    return {
        "APP_ENV": "production",
        "ALLOW_HTTP": "1",
        "BASE_URL": "http://127.0.0.1",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "DATA_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{(folder / 'bench.sqlite3').as_posix()}",
        "LOG_LEVEL": "ERROR",
    }


def _background() -> bytes:
    """Return a picture that does not pack well, as photographs do."""
    luck = random.Random(2026)
    small = Image.frombytes("RGB", (620, 438), luck.randbytes(620 * 438 * 3))
    out = BytesIO()
    small.resize((2480, 1754)).save(out, "JPEG", quality=85)
    return out.getvalue()


def _issued(app: Flask) -> dict[str, list[Visit]]:
    """Issue to every team, revoke one more, and return what is asked of the page."""
    with app.app_context():
        edition = edition_by_code(CODE)
        if edition is None:
            raise RuntimeError("there is no contest")
        by: dict[str, Any] = {"actor_id": None, "now": clock.now()}
        look = replace(Look(), language=Language.BOTH, to=To.TEAM, place="Tân Thuận")
        storage = app.extensions["storage"]
        with unit_of_work():
            picture = Picture(new=_background())
            save_look(edition_id=edition.id, look=look, background=picture, logo=Picture(), storage=storage, **by)
        with unit_of_work():
            issue(edition=edition, kind=Kind.PARTICIPANT, **by)
            issue(edition=edition, kind=Kind.JUDGE, **by)
        rows = register_of(edition.id)
        judges = [row for row in rows if row.kind is Kind.JUDGE]
        for row in judges[1:]:
            with unit_of_work():
                revoke(edition_id=edition.id, public_id=row.public_id, reason="x", **by)
        true = [Visit(f"/c/{row.code}", contains=row.fingerprint) for row in rows if row.kind is Kind.PARTICIPANT]
        gone = [Visit(f"/c/{row.code}", contains=row.fingerprint) for row in judges[1:]]
        db.session.remove()
        db.engine.dispose()
    return {"true": true, "revoked": gone, "forged": [Visit(f"/c/{'z' * 28}", status=404)] * CONNECTIONS}


def _made(what: str, environ: dict[str, str]) -> Row:
    command = [sys.executable, "-m", "benchmarks._certificates_child", what]
    found = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environ}, check=True, capture_output=True, text=True
    ).stdout
    one = json.loads(found)
    return {
        "what": what, "count": one["count"], "seconds": round(one["seconds"], 2), "peak MB": round(one["peak"]),
        "bytes": one["bytes"], "aim": AIMS[what],
    }  # fmt: skip


def _asked(name: str, pages: list[Visit], server: Server, seconds: float) -> tuple[Row, int]:
    lanes = [asdict(pages[place * len(pages) // CONNECTIONS]) for place in range(CONNECTIONS)]
    plan = {"kind": name, "port": server.port, "seconds": seconds, "lanes": lanes}
    command, before = [sys.executable, "-m", "benchmarks._load"], server.cpu_seconds()
    child = subprocess.run(
        command, cwd=ROOT, input=json.dumps(plan), capture_output=True, text=True, check=True, timeout=seconds + SPARE
    )
    found = json.loads(child.stdout)
    cpu = 1000 * (server.cpu_seconds() - before) / max(found["sent"], 1)
    hundredths = statistics.quantiles(found["times"], n=100) if len(found["times"]) > 1 else [0.0] * 99
    row: Row = {
        "what": f"proof, {name}", "count": len(found["times"]), "req/s": round(len(found["times"]) / seconds),
        "cpu ms": round(cpu, 2), "p50 ms": round(1000 * hundredths[49], 1),
        "p95 ms": round(1000 * hundredths[94], 1), "bytes": found["bytes"],
        "aim": "300 req/s",
    }  # fmt: skip
    for problem in found["wrong"]:
        print(f"wrong: {problem}", file=sys.stderr)
    return row, len(found["wrong"])
