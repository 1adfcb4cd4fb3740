"""Everything that the test Stripe knows, and its way into a file and back."""

import copy
import dataclasses
import json
import os
import pathlib
import threading
from typing import Any

import errors
from clock import Clock
from ids import Ids

Json = dict[str, Any]
API_VERSION = "2026-10-28.endive"


@dataclasses.dataclass
class Settings:
    """What Stripe's dashboard would set, and what only a test wants."""

    # What becomes of a subscription when the retries end.
    dunning: str = "cancel"
    # Waits between attempts: four attempts over 21 days.
    retry_days: list[int] = dataclasses.field(default_factory=lambda: [3, 7, 11])
    dispute_cancels: str = "lost"
    deliver: str = "manual"
    signature_clock: str = "wall"
    # Seconds that an event's `created` may be off, either way.
    created_skew: list[int] = dataclasses.field(default_factory=lambda: [0, 0])
    # Of Stripe Tax: percent of what is taxed, whether its settings are complete, and where tax is registered for, such as ["de"].
    tax_rate: float = 19
    tax_status: str = "active"
    tax_registrations: list[str] = dataclasses.field(default_factory=lambda: ["de"])


CHOICES = {
    "dunning": ("cancel", "unpaid", "past_due"), "dispute_cancels": ("lost", "created", "never"),
    "deliver": ("manual", "auto"), "signature_clock": ("wall", "own"), "tax_status": ("active", "pending"),
}


@dataclasses.dataclass
class Request:
    """The call that is being answered: what it changes carries its id."""

    id: str | None = None
    idempotency_key: str | None = None


class World:
    def __init__(self, seed: str | None = None, frozen_at: int | None = None) -> None:
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self.address = ""
        self.clock = Clock(frozen_at)
        self.ids = Ids(seed)
        self.account = ""
        self.api_key = ""
        self.webhook_secret = ""
        self.clear()

    def clear(self) -> None:
        """Nothing has happened yet; whose world it is stays."""
        self.settings = Settings()
        # By kind and id, in order of their making.
        self.objects: dict[str, dict[str, Json]] = {}
        # What the API doesn't show of an object, by its id.
        self.hidden: dict[str, Json] = {}
        # Each event that was made, with what became of it.
        self.outbox: list[Json] = []
        self.by_event: dict[str, Json] = {}
        self.answers: dict[str, Json] = {}
        self.faults: list[Json] = []
        self.calls: list[Json] = []
        self.numbers = 0
        self.request = Request()

    # --- objects

    def put(self, item: Json) -> Json:
        self.objects.setdefault(item["object"], {})[item["id"]] = item
        return item

    def remove(self, item: Json) -> None:
        del self.objects[item["object"]][item["id"]]

    def all(self, kind: str) -> list[Json]:
        return list(self.objects.get(kind, {}).values())

    def find(self, kind: str, identifier: str | None) -> Json | None:
        return self.objects.get(kind, {}).get(identifier) if identifier else None

    def get(self, kind: str, identifier: str, param: str = "id") -> Json:
        found = self.find(kind, identifier)
        if found is None:
            raise errors.missing(kind.split(".")[-1], identifier, param)
        return found

    def any(self, identifier: str) -> Json | None:
        return next((items[identifier] for items in self.objects.values() if identifier in items), None)

    def secret(self, identifier: str) -> Json:
        return self.hidden.setdefault(identifier, {})

    def now(self) -> int:
        return self.clock.now()

    # --- a state to return to

    def snapshot(self) -> tuple[Any, ...]:
        return copy.deepcopy((self.objects, self.hidden, self.outbox, self.numbers))

    def restore(self, snapshot: tuple[Any, ...]) -> None:
        self.objects, self.hidden, self.outbox, self.numbers = snapshot
        self.by_event = {}

    # --- file

    KEPT = ("account", "api_key", "webhook_secret", "objects", "hidden", "outbox", "answers", "numbers", "address")

    def save(self, path: pathlib.Path) -> None:
        """Renamed into place: never read half written."""
        whole = {name: getattr(self, name) for name in self.KEPT} | {
            "settings": dataclasses.asdict(self.settings), "ids": {"seed": self.ids.seed, "drawn": self.ids.drawn},
            "clock": {"offset": self.clock.offset, "frozen_at": self.clock.frozen_at}}
        fresh = path.with_name(path.name + ".new")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as out:
            json.dump(whole, out)
            out.flush()
            os.fsync(out.fileno())
        os.replace(fresh, path)

    def load(self, path: pathlib.Path) -> None:
        """With the links of an earlier start leading to this one's address."""
        text = path.read_text()
        earlier = json.loads(text)["address"]
        whole = json.loads(text.replace(f"{earlier}/", f"{self.address}/"))
        for name in self.KEPT:
            if name != "address":
                setattr(self, name, whole[name])
        self.by_event = {}
        self.settings = Settings(**whole["settings"])
        self.ids = Ids(**whole["ids"])
        self.clock.offset, self.clock.frozen_at = whole["clock"]["offset"], whole["clock"]["frozen_at"]
