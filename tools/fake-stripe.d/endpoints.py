"""Webhook endpoints."""

import urllib.parse

from errors import StripeError
from forms import Parameters
from world import API_VERSION, Json, World

MOST = 16


def create(world: World, p: Parameters) -> Json:
    """The secret is in this answer alone."""
    p.only({"url", "enabled_events", "api_version", "description", "metadata", "connect"})
    if len(world.all("webhook_endpoint")) >= MOST:
        raise StripeError(f"You have reached the maximum of {MOST} test webhook endpoints.")
    endpoint = endpoint_of(
        world, p.need("url"), p.texts("enabled_events"), p.text("api_version"), "whsec_" + world.ids.letters(32))
    endpoint.update(description=p.text("description"), metadata=p.metadata({}))
    return endpoint | {"secret": world.secret(endpoint["id"])["secret"]}


def endpoint_of(world: World, url: str, wanted: list[str], version: str | None, secret: str) -> Json:
    parts = urllib.parse.urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise StripeError("Invalid URL: URL must be publicly accessible and start with http or https.", code="url_invalid", param="url")
    if not wanted:
        raise StripeError("Missing required param: enabled_events.", code="parameter_missing", param="enabled_events")
    endpoint = world.put({
        "id": world.ids.next("we_"), "object": "webhook_endpoint", "api_version": version, "application": None, "created": world.now(),
        "description": None, "enabled_events": wanted, "livemode": False, "metadata": {}, "status": "enabled", "url": url})
    world.secret(endpoint["id"])["secret"] = secret
    return endpoint


def from_start(world: World, url: str) -> None:
    """That of the command line: made once, moved where the address differs at a later start."""
    for endpoint in world.all("webhook_endpoint"):
        if world.secret(endpoint["id"]).get("from_start"):
            endpoint["url"] = url
            return
    endpoint = endpoint_of(world, url, ["*"], API_VERSION, world.webhook_secret)
    world.secret(endpoint["id"])["from_start"] = True


def change(world: World, endpoint: Json, p: Parameters) -> Json:
    p.only({"url", "enabled_events", "description", "metadata", "disabled"})
    if p.text("url"):
        endpoint["url"] = p.need("url")
    if "enabled_events" in p:
        endpoint["enabled_events"] = p.texts("enabled_events")
    if "description" in p:
        endpoint["description"] = p.text("description")
    if "disabled" in p:
        endpoint["status"] = "disabled" if p.boolean("disabled") else "enabled"
    endpoint["metadata"] = p.metadata(endpoint["metadata"])
    return endpoint
