"""The clock of the test Stripe: the real one and an offset, or one that stands until it is moved."""

import calendar
import datetime
import time

HOUR, DAY = 3_600, 86_400


class Clock:
    """Whole seconds since 1970. While something that fell due in the past is done, it shows that instant."""

    def __init__(self, frozen_at: int | None = None) -> None:
        self.offset = 0
        self.frozen_at = frozen_at
        self.pinned: int | None = None

    def now(self) -> int:
        return self.present() if self.pinned is None else self.pinned

    def present(self) -> int:
        return int(time.time()) + self.offset if self.frozen_at is None else self.frozen_at

    def move_to(self, instant: int) -> None:
        if self.frozen_at is None:
            self.offset += instant - self.present()
        else:
            self.frozen_at = instant

    def freeze(self, frozen: bool) -> None:
        now = self.present()
        self.frozen_at = now if frozen else None
        if not frozen:
            self.offset = now - int(time.time())


def instant_of(text: str) -> int:
    """Of RFC 3339, such as 2026-12-01T00:00:00Z."""
    moment = datetime.datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f'"{text}" has no time zone: end it with Z')
    return int(moment.timestamp())


def months_after(instant: int, months: int) -> int:
    """The same day and time so many months later; on the last day of a month that is too short for it."""
    at = datetime.datetime.fromtimestamp(instant, datetime.timezone.utc)
    year, month = divmod(at.year * 12 + at.month - 1 + months, 12)
    day = min(at.day, calendar.monthrange(year, month + 1)[1])
    return int(at.replace(year=year, month=month + 1, day=day).timestamp())


def later(instant: int, interval: str, count: int) -> int:
    """So many days, weeks, months or years later."""
    match interval:
        case "day":
            return instant + count * DAY
        case "week":
            return instant + count * 7 * DAY
        case "year":
            return months_after(instant, 12 * count)
        case _:
            return months_after(instant, count)


def period_end(anchor: int, interval: str, count: int, start: int) -> int:
    """When the period that holds `start` ends: counted from the anchor, so that the 31st comes back after February."""
    number = 1
    while later(anchor, interval, number * count) <= start:
        number += 1
    return later(anchor, interval, number * count)


def day_of(instant: int) -> str:
    at = datetime.datetime.fromtimestamp(instant, datetime.timezone.utc)
    return f"{at.day} {at:%B %Y, %H:%M} UTC"
