"""Form encoding with brackets, as Stripe reads it: a[b]=1, a[0][b]=1, a[]=1."""

import re
import urllib.parse
from typing import Any, Iterable

import errors

KEY = re.compile(r"^([^\[\]]+)((?:\[[^\[\]]*\])*)$")
STEP = re.compile(r"\[([^\[\]]*)\]")


def decode(text: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in urllib.parse.parse_qsl(text, keep_blank_values=True, strict_parsing=False):
        match = KEY.match(name)
        if not match:
            raise errors.unknown(name)
        put(found, [match[1], *STEP.findall(match[2])], value)
    return {name: lists(value) for name, value in found.items()}


def put(into: dict[str, Any], path: list[str], value: str) -> None:
    for step in path[:-1]:
        step = step or str(len(into))
        within = into.setdefault(step, {})
        if not isinstance(within, dict):
            raise errors.StripeError(f"Invalid {path[0]}", param=path[0])
        into = within
    into[path[-1] or str(len(into))] = value


def lists(value: Any) -> Any:
    """Members that are numbered from 0 are a list."""
    if not isinstance(value, dict):
        return value
    members = {name: lists(member) for name, member in value.items()}
    if members and all(name.isdecimal() for name in members):
        return [members[name] for name in sorted(members, key=int)]
    return members


class Parameters:
    """Of one call: read by name and type, an unknown one refused."""

    def __init__(self, values: dict[str, Any], within: str = "") -> None:
        self.values = values
        self.within = within

    def name(self, name: str) -> str:
        return f"{self.within}[{name}]" if self.within else name

    def only(self, allowed: Iterable[str]) -> None:
        known = set(allowed) | {"expand"}
        for name in self.values:
            if name not in known:
                raise errors.unknown(self.name(name))

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def text(self, name: str) -> str | None:
        """Nil where it is absent or empty: empty is how Stripe's callers unset something."""
        value = self.values.get(name)
        if value is not None and not isinstance(value, str):
            raise errors.StripeError(f"Invalid string: {value}", param=self.name(name))
        return value or None

    def need(self, name: str) -> str:
        value = self.text(name)
        if value is None:
            raise errors.required(self.name(name))
        return value

    def integer(self, name: str) -> int | None:
        value = self.text(name)
        if value is None:
            return None
        if not re.fullmatch(r"-?\d{1,15}", value):
            raise errors.StripeError(f"Invalid integer: {value}", code="parameter_invalid_integer", param=self.name(name))
        return int(value)

    def boolean(self, name: str) -> bool | None:
        value = self.text(name)
        if value is None:
            return None
        if value.lower() not in ("true", "false"):
            raise errors.StripeError(f"Invalid boolean: {value}", param=self.name(name))
        return value.lower() == "true"

    def choice(self, name: str, choices: Iterable[str]) -> str | None:
        value = self.text(name)
        allowed = list(choices)
        if value is not None and value not in allowed:
            raise errors.StripeError(
                f"Invalid {self.name(name)}: must be one of {', '.join(allowed)}", param=self.name(name))
        return value

    def inner(self, name: str) -> "Parameters":
        value = self.values.get(name)
        if value in (None, ""):
            return Parameters({}, self.name(name))
        if not isinstance(value, dict):
            raise errors.StripeError(f"Invalid object: {value}", param=self.name(name))
        return Parameters(value, self.name(name))

    def many(self, name: str) -> list["Parameters"]:
        value = self.values.get(name)
        if value in (None, ""):
            return []
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise errors.StripeError("Invalid array", param=self.name(name))
        return [Parameters(one, f"{self.name(name)}[{place}]") for place, one in enumerate(value)]

    def texts(self, name: str) -> list[str]:
        value = self.values.get(name)
        if value in (None, ""):
            return []
        return [str(one) for one in value] if isinstance(value, list) else [str(value)]

    def metadata(self, into: dict[str, str]) -> dict[str, str]:
        """What is there with what is given laid over it: an empty value takes a key away, an empty text all of them."""
        if self.values.get("metadata") == "":
            return {}
        changed = dict(into)
        for key, value in self.inner("metadata").values.items():
            if value == "":
                changed.pop(key, None)
            else:
                changed[key] = str(value)
        return changed
