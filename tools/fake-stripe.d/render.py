"""How objects are answered: expanded where asked, and lists in pages."""

import copy
import re
from typing import Any, Iterable

from errors import StripeError
from forms import Parameters
from world import Json, World

PAGING = {"limit", "starting_after", "ending_before"}
RANGES = {"gt", "gte", "lt", "lte"}
CLAUSE = re.compile(r"""^(?:metadata\[['"]([^'"]+)['"]\]|(\w+)):['"]([^'"]*)['"]$""")


def expanded(world: World, item: Json, paths: Iterable[str]) -> Json:
    found = copy.deepcopy(item)
    for path in paths:
        expand(world, found, path.split("."), path)
    return found


def expand(world: World, within: Any, steps: list[str], whole: str) -> None:
    if isinstance(within, list):
        for one in within:
            expand(world, one, steps, whole)
        return
    if not isinstance(within, dict) or not steps:
        return
    name = steps[0]
    if name not in within and (added := included(world, within, name)) is not None:
        within[name] = added
    if name not in within:
        raise StripeError(f"This property cannot be expanded ({whole}).", param="expand")
    if isinstance(within[name], str) and (found := world.any(within[name])):
        within[name] = copy.deepcopy(found)
    expand(world, within[name], steps[1:], whole)


def included(world: World, item: Json, name: str) -> Json | None:
    """Members that are there only where they are asked for."""
    match item.get("object"), name:
        case "invoice", "payments":
            paid = [one for one in world.all("invoice_payment") if one["invoice"] == item["id"]]
            return plain_list(copy.deepcopy(paid), "/v1/invoice_payments")
        case "invoice", "confirmation_secret":
            return {"client_secret": f"{item['id']}_secret_test", "type": "payment_intent"}
        case "checkout.session", "line_items":
            lines = copy.deepcopy(world.secret(item["id"])["line_items"])
            return plain_list(lines, f"/v1/checkout/sessions/{item['id']}/line_items")
        case "charge", "refunds":
            refunds = [one for one in world.all("refund") if one["charge"] == item["id"]]
            return plain_list(copy.deepcopy(refunds), f"/v1/charges/{item['id']}/refunds")
        case "customer", "subscriptions":
            running = [one for one in world.all("subscription") if one["customer"] == item["id"] and one["status"] != "canceled"]
            return plain_list(copy.deepcopy(running), f"/v1/customers/{item['id']}/subscriptions")
    return None


def plain_list(data: list[Json], url: str) -> Json:
    return {"object": "list", "data": data, "has_more": False, "url": url}


def paged(items: list[Json], parameters: Parameters, url: str) -> Json:
    """Newest first, as Stripe lists everything."""
    found = [item for item in reversed(items) if within(item.get("created", 0), parameters)]
    limit = parameters.integer("limit") or 10
    if not 1 <= limit <= 100:
        raise StripeError("This value must be between 1 and 100.", code="parameter_invalid_integer", param="limit")
    if after := parameters.text("starting_after"):
        found = found[place(found, after, "starting_after") + 1:]
    elif before := parameters.text("ending_before"):
        found = found[:place(found, before, "ending_before")]
        return plain_list(found[-limit:], url) | {"has_more": len(found) > limit}
    return plain_list(found[:limit], url) | {"has_more": len(found) > limit}


def place(items: list[Json], identifier: str, param: str) -> int:
    for number, item in enumerate(items):
        if item["id"] == identifier:
            return number
    raise StripeError(f"No such object: '{identifier}'", status=400, code="resource_missing", param=param)


def within(created: int, parameters: Parameters) -> bool:
    value = parameters.values.get("created")
    if isinstance(value, str):
        return created == int(value)
    limits = parameters.inner("created")
    for name in limits.values:
        if name not in RANGES:
            raise StripeError(f"Received unknown parameter: created[{name}]", code="parameter_unknown", param=f"created[{name}]")
    gt, gte, lt, lte = (limits.integer(name) for name in ("gt", "gte", "lt", "lte"))
    return (
        (gt is None or created > gt) and (gte is None or created >= gte) and (lt is None or created < lt)
        and (lte is None or created <= lte))


def searched(items: list[Json], parameters: Parameters, url: str) -> Json:
    """metadata['key']:'value' and name:'value', joined by AND."""
    clauses = [CLAUSE.match(text.strip()) for text in re.split(r"\s+AND\s+", parameters.need("query"), flags=re.IGNORECASE)]
    if None in clauses:
        raise StripeError("We were unable to parse your search query.", param="query")
    found = [item for item in reversed(items) if all(matches(item, clause) for clause in clauses if clause)]
    limit = parameters.integer("limit") or 10
    start = int(parameters.text("page") or 0)
    more = len(found) > start + limit
    return {
        "object": "search_result", "data": found[start:start + limit], "has_more": more,
        "next_page": str(start + limit) if more else None, "url": url}


def matches(item: Json, clause: re.Match[str]) -> bool:
    key, name, value = clause.groups()
    if key:
        return bool(item.get("metadata", {}).get(key) == value)
    found = item.get(name)
    return (str(found).lower() if isinstance(found, bool) else found) == value
