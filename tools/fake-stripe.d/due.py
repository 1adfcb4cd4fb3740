"""What falls due as the clock moves, done in its order and each at its own instant."""

import functools
from typing import Callable, Iterator

import checkout
import collection
import schedules
import standing
import subscriptions
from world import Json, World

Work = tuple[int, int, Callable[[], object]]
RENEWING = ("active", "past_due", "unpaid", "trialing")


def run(world: World, until: int) -> None:
    """All up to that instant: what is first, all of its kind at once, and then anew, for what is done may make more fall due."""
    # Bounded, that a fault of ours is no call that never ends.
    for _ in range(100_000):
        works = [work for work in waiting(world) if work[0] <= until]
        if not works:
            break
        first = min(work[:2] for work in works)
        world.clock.pinned = first[0]
        try:
            for work in works:
                if work[:2] == first:
                    work[2]()
        finally:
            world.clock.pinned = None


def waiting(world: World) -> Iterator[Work]:
    for subscription in world.all("subscription"):
        yield from of_subscription(world, subscription)
    for schedule in world.all("subscription_schedule"):
        if schedule["status"] == "active" and schedule["current_phase"]:
            yield schedule["current_phase"]["end_date"], 1, functools.partial(schedules.step, world, schedule)
    for invoice in world.all("invoice"):
        yield from of_invoice(world, invoice)
    for session in world.all("checkout.session"):
        if session["status"] == "open":
            yield session["expires_at"], 5, functools.partial(checkout.expire, world, session)


def of_subscription(world: World, subscription: Json) -> Iterator[Work]:
    """An end comes before what a schedule says, and that before the renewal that bills it."""
    status = subscription["status"]
    if status == "incomplete":
        yield subscription["created"] + subscriptions.PATIENCE, 4, lambda: standing.expire(world, subscription)
    if status in standing.OVER:
        return
    if subscription["cancel_at"]:
        yield subscription["cancel_at"], 0, lambda: standing.end(world, subscription, "cancellation_requested")
    if subscription["pending_update"]:
        yield subscription["pending_update"]["expires_at"], 1, lambda: standing.expire_pending(world, subscription)
    if status in RENEWING:
        yield subscription["items"]["data"][0]["current_period_end"], 2, lambda: subscriptions.renew(world, subscription)


def of_invoice(world: World, invoice: Json) -> Iterator[Work]:
    finalize_at = world.hidden.get(invoice["id"], {}).get("finalize_at")
    if finalize_at:
        yield finalize_at, 3, lambda: subscriptions.advance_invoice(world, invoice)
    if invoice["status"] == "open" and invoice["next_payment_attempt"]:
        yield invoice["next_payment_attempt"], 4, lambda: retry(world, invoice)


def retry(world: World, invoice: Json) -> None:
    """Unless another one of the same instant has ended all that."""
    if invoice["status"] == "open" and invoice["next_payment_attempt"]:
        collection.collect(world, invoice)
