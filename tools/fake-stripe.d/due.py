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
    """All up to that instant. What is done may make more fall due."""
    # Before the first, so that nothing that an earlier call left undone can keep this one going for ever.
    for _ in range(100_000):
        at, _, act = min(waiting(world), key=lambda work: work[:2], default=(until + 1, 0, lambda: None))
        if at > until:
            break
        world.clock.pinned = at
        try:
            act()
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
        yield subscription["pending_update"]["expires_at"], 3, lambda: standing.expire_pending(world, subscription)
    if status in RENEWING:
        yield subscription["items"]["data"][0]["current_period_end"], 2, lambda: subscriptions.renew(world, subscription)


def of_invoice(world: World, invoice: Json) -> Iterator[Work]:
    finalize_at = world.hidden.get(invoice["id"], {}).get("finalize_at")
    if finalize_at:
        yield finalize_at, 3, lambda: subscriptions.advance_invoice(world, invoice)
    if invoice["status"] == "open" and invoice["next_payment_attempt"]:
        yield invoice["next_payment_attempt"], 3, lambda: collection.collect(world, invoice)
