"""Events on their way to webhook endpoints: signed, and as late, often, forged or cut as a test wants them."""

import concurrent.futures
import copy
import dataclasses
import http.client
import json
import random
import threading
import time
import urllib.parse
from typing import Any

import events
import signing
from errors import ControlError
from world import Json, World

WAITS = (1, 2, 5, 10, 30, 60)
TIMEOUT = 20
OPTIONS = {
    "ids", "after", "types", "shuffle", "reverse", "repeat", "twin", "age", "t", "tamper", "scheme", "secrets", "set", "drop_members",
    "url", "concurrent"}


@dataclasses.dataclass
class Letter:
    """One POST of one event."""

    id: str
    twin_of: str | None
    url: str | None
    endpoint: str | None
    header: str
    body: str


def chosen(world: World, options: Json) -> list[Json]:
    """The entries of the outbox, in the order in which they are to be sent."""
    unknown = set(options) - OPTIONS
    if unknown:
        raise ControlError(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(sorted(OPTIONS))}")
    if "ids" in options:
        found = [events.entry(world, identifier) for identifier in options["ids"]]
        if None in found:
            raise ControlError("an id is not in the outbox: GET /_test/outbox lists them")
        entries = [one for one in found if one]
    else:
        entries = [one for one in world.outbox if not one["dropped"] and not one["delivered"]]
    entries = [one for one in entries if one["sequence"] > options.get("after", 0)]
    if "types" in options:
        entries = [one for one in entries if one["type"] in options["types"]]
    entries = entries * int(options.get("repeat", 1))
    if options.get("reverse"):
        entries.reverse()
    if "shuffle" in options:
        random.Random(options["shuffle"]).shuffle(entries)
    return entries


def letters(world: World, options: Json) -> list[Letter]:
    found: list[Letter] = []
    for one in chosen(world, options):
        for endpoint in targets(world, one, options):
            found.append(letter(world, one, options, endpoint, None))
            if options.get("twin"):
                found.append(letter(world, one, options, endpoint, world.ids.next("evt_")))
    return found


def targets(world: World, one: Json, options: Json) -> list[Json | None]:
    """The endpoints that an event goes to; nothing stands for an address that a test named, or for none."""
    endpoints = [item for item in world.all("webhook_endpoint") if item["status"] == "enabled"]
    wanting = [item for item in endpoints if "ids" in options or events.wants(item, one["type"])]
    if "url" in options or not endpoints:
        # Signed once, by the endpoint that would have got it.
        return [wanting[0]] if wanting else ([] if endpoints else [None])
    return list(wanting)


def letter(world: World, one: Json, options: Json, endpoint: Json | None, twin: str | None) -> Letter:
    event: Json = copy.deepcopy(one["event"]) if "set" in options or "drop_members" in options else dict(one["event"])
    if twin:
        event["id"] = twin
    if endpoint:
        event["api_version"] = endpoint["api_version"] or event["api_version"]
    for path, value in options.get("set", {}).items():
        within, name = member(event, path)
        within[name] = value
    for path in options.get("drop_members", []):
        within, name = member(event, path)
        del within[name]
    body = json.dumps(event, indent=2, ensure_ascii=False)
    secrets = options.get("secrets") or [world.secret(endpoint["id"])["secret"] if endpoint else world.webhook_secret]
    scheme = options.get("scheme", "v1")
    if scheme not in signing.SCHEMES:
        raise ControlError(f"scheme is one of {', '.join(signing.SCHEMES)}")
    header = signing.header(secrets, instant(world, options), body, scheme)
    if options.get("tamper"):
        body = body.replace("evt_1", "evt_2", 1)
    url = options.get("url") or (endpoint["url"] if endpoint else None)
    return Letter(event["id"], one["id"] if twin else None, url, endpoint["id"] if endpoint else None, header, body)


def instant(world: World, options: Json) -> int:
    if "t" in options:
        return int(options["t"])
    now = int(time.time()) if world.settings.signature_clock == "wall" else world.now()
    return now - int(options.get("age", 0))


def member(event: Json, path: str) -> tuple[Any, Any]:
    """Where a path such as data.object.items.data.0.price leads: what holds it, and its name there."""
    steps = path.split(".")
    within: Any = event
    try:
        for step in steps[:-1]:
            within = within[int(step)] if isinstance(within, list) else within[step]
        return within, int(steps[-1]) if isinstance(within, list) else steps[-1]
    except (KeyError, IndexError, ValueError, TypeError) as error:
        raise ControlError(f"no member {path}") from error


def send(one: Letter) -> Json:
    """What became of it. Not through a proxy that the environment names."""
    answer: Json = {"id": one.id, "twin_of": one.twin_of, "url": one.url, "status": None, "body": None, "error": None}
    if not one.url:
        return answer | {"error": "there is no webhook endpoint: make one, start with --webhook, or name a url"}
    parts = urllib.parse.urlsplit(one.url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=TIMEOUT)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", path, one.body.encode(), {
            "Content-Type": "application/json; charset=utf-8", "Stripe-Signature": one.header,
            "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)"})
        response = connection.getresponse()
        return answer | {"status": response.status, "body": response.read(65_536).decode(errors="replace")}
    except (OSError, http.client.HTTPException) as error:
        return answer | {"error": f"{type(error).__name__}: {error}"}
    finally:
        connection.close()


def send_all(world: World, sending: list[Letter], at_once: int) -> list[Json]:
    """Without the world's lock: who gets an event may ask the API back."""
    with concurrent.futures.ThreadPoolExecutor(max(1, at_once)) as pool:
        answers = list(pool.map(send, sending))
    with world.lock:
        for one, answer in zip(sending, answers):
            note(world, one, answer)
    return answers


def note(world: World, one: Letter, answer: Json) -> None:
    entry = events.entry(world, one.twin_of or one.id)
    if entry and answer["status"] is not None and 200 <= answer["status"] < 300:
        entry["delivered"] += 1
        entry["attempts"].pop(one.endpoint, None)


class Automatic(threading.Thread):
    """Sends what is new to all endpoints that want it, in order, and again what was not taken."""

    def __init__(self, world: World) -> None:
        super().__init__(daemon=True)
        self.world = world
        self.upto = 0

    def run(self) -> None:
        while True:
            with self.world.lock:
                work = self.work()
                if not work:
                    self.world.changed.wait(0.5)
                    continue
            for one in work:
                self.attempt(one)

    def work(self) -> list[Letter]:
        """What is to be sent now. Which endpoint has yet to take an event is noted with the event, so a restart goes on with it."""
        world = self.world
        if world.settings.deliver != "auto":
            return []
        for entry in world.outbox[self.upto:]:
            if not entry["dropped"] and not entry["delivered"]:
                for endpoint in targets(world, entry, {}):
                    if endpoint:
                        entry["attempts"].setdefault(endpoint["id"], {"tried": 0, "next": 0})
        self.upto = len(world.outbox)
        due: list[Letter] = []
        for entry in waiting(world):
            for name, attempt in list(entry["attempts"].items()):
                endpoint = world.find("webhook_endpoint", name)
                if endpoint is None or endpoint["status"] != "enabled":
                    del entry["attempts"][name]
                elif attempt["next"] <= time.time():
                    due.append(letter(world, entry, {}, endpoint, None))
        return due

    def attempt(self, one: Letter) -> None:
        answer = send(one)
        with self.world.lock:
            entry = events.entry(self.world, one.id)
            attempt = entry["attempts"].get(one.endpoint) if entry else None
            if attempt:
                attempt["next"] = time.time() + WAITS[min(attempt["tried"], len(WAITS) - 1)]
                attempt["tried"] += 1
            note(self.world, one, answer)
            self.world.changed.notify_all()


def waiting(world: World) -> list[Json]:
    return [one for one in world.outbox if one["attempts"] and not one["dropped"]]


def settle(world: World, seconds: float) -> int:
    """Waits until nothing is to be sent any more; how much still is."""
    deadline = time.monotonic() + seconds
    with world.lock:
        # What was made a moment ago has no attempts noted yet.
        world.changed.notify_all()
        world.changed.wait(0.2)
        while waiting(world) and time.monotonic() < deadline:
            world.changed.wait(0.2)
        return len(waiting(world))
