"""Idempotency keys: the first answer under a key is the answer for ever, an error 500 too."""

import hashlib
import json
from typing import Any

from errors import StripeError
from world import Json, World


def fingerprint(method: str, path: str, parameters: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps([method, path, parameters], sort_keys=True).encode()).hexdigest()


def stored(world: World, key: str, method: str, path: str, parameters: dict[str, Any]) -> Json | None:
    """The answer that was given under this key, if there was one."""
    found = world.answers.get(key)
    if found is None:
        return None
    if found["path"] != path:
        raise wrong(f"Keys for idempotent requests can only be used for the same endpoint they were first used for "
                    f"('{path}' vs. '{found['path']}'). Try using a key other than '{key}' if you meant to execute a different request.")
    if found["fingerprint"] != fingerprint(method, path, parameters):
        raise wrong(f"Keys for idempotent requests can only be used with the same parameters they were first used with. "
                    f"Try using a key other than '{key}' if you meant to execute a different request.")
    return found


def wrong(message: str) -> StripeError:
    return StripeError(message, status=400, kind="idempotency_error")


def store(world: World, key: str, method: str, path: str, parameters: dict[str, Any], status: int, body: Json, request_id: str) -> None:
    """What was refused before anything was done (bad parameters, no such object, too many calls) leaves the key free."""
    if status in (400, 401, 404, 429) and body.get("error", {}).get("type") != "card_error":
        return
    world.answers[key] = {
        "path": path, "fingerprint": fingerprint(method, path, parameters), "status": status, "body": body, "request_id": request_id}
