"""Events: each change makes one, with the attributes as they were before it, into an outbox."""

import contextlib
import copy
import random
from typing import Any, Iterator

from world import API_VERSION, Json, World


def emit(world: World, kind: str, item: Json, previous: Json | None = None) -> Json:
    data: Json = {"object": copy.deepcopy(item)}
    if previous is not None:
        data["previous_attributes"] = copy.deepcopy(previous)
    low, high = world.settings.created_skew
    event: Json = {
        "id": world.ids.next("evt_"), "object": "event", "api_version": API_VERSION,
        "created": world.now() + random.randint(low, high), "data": data, "livemode": False,
        "pending_webhooks": sum(wants(endpoint, kind) for endpoint in world.all("webhook_endpoint")),
        "request": {"id": world.request.id, "idempotency_key": world.request.idempotency_key}, "type": kind,
    }
    with world.lock:
        append(world, event, item)
    return event


def append(world: World, event: Json, item: Json) -> None:
    world.outbox.append({
        "sequence": len(world.outbox) + 1, "id": event["id"], "type": event["type"], "created": event["created"],
        "object": item["id"], "customer": customer_of(item), "dropped": False, "hidden": False, "delivered": 0,
        "attempts": {}, "event": event})
    world.changed.notify_all()


@contextlib.contextmanager
def changing(world: World, item: Json, kind: str) -> Iterator[Json]:
    """Makes an event of what is changed within; none where nothing is."""
    before = copy.deepcopy(item)
    yield item
    previous = difference(before, item)
    if previous:
        emit(world, kind, item, previous)


def difference(before: Json, after: Json) -> Json:
    """What has to be laid over `after` to have `before`: objects member by member, arrays whole, a new member null."""
    found: Json = {}
    for name in {**before, **after}:
        old, new = before.get(name), after.get(name)
        if old == new and (name in before) == (name in after):
            continue
        found[name] = difference(old, new) if isinstance(old, dict) and isinstance(new, dict) else old
    return found


def wants(endpoint: Json, kind: str) -> bool:
    wanted = endpoint["enabled_events"]
    return endpoint["status"] == "enabled" and ("*" in wanted or kind in wanted)


def customer_of(item: Json) -> str | None:
    if item["object"] == "customer":
        return str(item["id"])
    found: Any = item.get("customer")
    return found if isinstance(found, str) else None


def entry(world: World, identifier: str) -> Json | None:
    if len(world.by_event) != len(world.outbox):
        world.by_event = {one["id"]: one for one in world.outbox}
    return world.by_event.get(identifier)
