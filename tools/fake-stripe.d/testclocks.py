"""Stripe's own way to move a clock, over the one clock that is here."""

import due
from errors import StripeError
from forms import Parameters
from world import Json, World


def of(world: World) -> Json:
    now = world.now()
    return {
        "id": "clock_1TheOneClock", "object": "test_helpers.test_clock", "created": now, "deletes_after": now + 30 * 86_400,
        "frozen_time": now, "livemode": False, "name": None, "status": "ready", "status_details": {}}


def create(world: World, p: Parameters) -> Json:
    move(world, p)
    world.clock.freeze(True)
    return of(world)


def advance(world: World, p: Parameters) -> Json:
    move(world, p)
    return of(world)


def move(world: World, p: Parameters) -> None:
    p.only({"frozen_time", "name"})
    until = p.integer("frozen_time")
    if until is None or until < world.now():
        raise StripeError("You can only advance a test clock forward in time.", param="frozen_time")
    due.run(world, until)
    world.clock.move_to(until)
