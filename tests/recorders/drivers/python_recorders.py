"""Records and replays with vcrpy and Betamax, whichever the first argument names; requests makes the calls.

Speaks the protocol of `tests/recorders/judge.py` on standard input and output.
"""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import requests

Job = dict[str, Any]


def main(recorder: str) -> None:
    """Says the version, then answers one job a line."""
    opened = OPENERS[recorder]
    # Missing packages must be known at once, not at the first job.
    __import__({"vcrpy": "vcr"}.get(recorder, recorder))
    print(json.dumps({"version": f"{recorder} {version(recorder)}"}), flush=True)
    for line in sys.stdin:
        job = json.loads(line)
        print(json.dumps(done(job, opened)), flush=True)


def done(job: Job, opened: Callable[[Job, requests.Session], AbstractContextManager[object]]) -> Job:
    """The answers to a job's calls; a cassette that does not load is an error of the whole job."""
    answers: list[Job] = []
    session = requests.Session()
    session.trust_env = False
    try:
        with session, opened(job, session):
            answers.extend(answer(session, call) for call in job["calls"])
    except Exception as err:  # whatever a recorder raises is its verdict
        return {"error": f"{type(err).__name__}: {err}"}
    return {"answers": answers}


def answer(session: requests.Session, call: Job) -> Job:
    """What the recorder answers to one call, as it came from the (recorded) wire."""
    body = None if call["body"] is None else base64.b64decode(call["body"])
    request = requests.Request(
        call["method"], call["url"], headers=dict(call["headers"]), data=body
    ).prepare()
    # requests makes no body of an empty one.
    request.body = body
    try:
        response = session.send(request, stream=True, allow_redirects=False)
        # requests reads the body of a redirect to follow it.
        raw = response.content if response.is_redirect else response.raw.read(decode_content=False)
    except Exception as err:  # an unmatched request, as each recorder says it
        return {"error": f"{type(err).__name__}: {err}"}
    return {
        "status": response.status_code,
        "reason": response.reason or "",
        "headers": [[name, value] for name, value in response.raw.headers.items()],
        "body": base64.b64encode(raw).decode(),
    }


def vcrpy(job: Job, session: requests.Session) -> AbstractContextManager[object]:
    """vcrpy with its own serializers, or with pydantic-ai's rules for bodies."""
    import vcr

    from tests.recorders.drivers import pydantic_ai_rules

    recorder = vcr.VCR()
    recorder.register_serializer("pydantic-ai", pydantic_ai_rules)
    matched_on = ["method", "scheme", "host", "port", "path", "query"]
    return recorder.use_cassette(  # type: ignore[no-any-return]
        job["cassette"],
        record_mode="all" if job["do"] == "record" else "none",
        serializer=job.get("serializer", "yaml"),
        match_on=[*matched_on, "headers", "body"] if job["strict"] else matched_on,
    )


def betamax(job: Job, session: requests.Session) -> AbstractContextManager[object]:
    """Betamax, whose cassettes are found by name."""
    import betamax

    path = Path(job["cassette"])
    recorder = betamax.Betamax(session, cassette_library_dir=str(path.parent))
    recorder.use_cassette(
        path.stem,
        record="once" if job["do"] == "record" else "none",
        match_requests_on=["method", "uri", *(["headers", "body"] if job["strict"] else [])],
        preserve_exact_body_bytes=job.get("exact_bytes", False),
    )
    return recorder  # type: ignore[no-any-return]


OPENERS = {"vcrpy": vcrpy, "betamax": betamax}

if __name__ == "__main__":
    main(sys.argv[1])
