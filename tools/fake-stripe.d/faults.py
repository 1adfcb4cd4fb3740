"""Answers that go wrong because a test wants it."""

import dataclasses
import fnmatch

from errors import ControlError, StripeError
from world import Json, World

KINDS = ("status", "timeout", "close")
DEFAULTS: Json = {
    "method": "*", "path": "/v1/*", "times": 1, "kind": "status", "status": 500, "retry_after": None, "code": None, "after": False,
    "seconds": 30}


@dataclasses.dataclass
class NoAnswer(Exception):
    """The connection is closed after so long, with nothing said."""

    seconds: float


def add(world: World, wanted: Json) -> Json:
    unknown = set(wanted) - set(DEFAULTS)
    if unknown:
        raise ControlError(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(DEFAULTS)}")
    fault = DEFAULTS | wanted
    if fault["kind"] not in KINDS:
        raise ControlError(f"kind is one of {', '.join(KINDS)}")
    world.faults.append(fault)
    return fault


def take(world: World, method: str, path: str) -> Json | None:
    """The first one that is meant for this call, which it counts for."""
    for fault in world.faults:
        if fault["method"] in ("*", method) and fnmatch.fnmatchcase(path, fault["path"]):
            fault["times"] -= 1
            if fault["times"] <= 0:
                world.faults.remove(fault)
            return fault
    return None


def strike(fault: Json) -> None:
    if fault["kind"] != "status":
        raise NoAnswer(fault["seconds"] if fault["kind"] == "timeout" else 0)
    status = int(fault["status"])
    headers = {} if fault["retry_after"] is None else {"Retry-After": str(fault["retry_after"])}
    if status == 429:
        raise StripeError("Request rate limit exceeded.", status=status, code=fault["code"] or "rate_limit", headers=headers)
    kind = "api_error" if status >= 500 else "invalid_request_error"
    raise StripeError("An unknown error occurred, as the test wanted.", status=status, kind=kind, code=fault["code"], headers=headers)
