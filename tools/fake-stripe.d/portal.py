"""The billing portal: its configurations and sessions, and what a customer does there."""

import catalogue
import customers
import standing
from errors import StripeError
from events import changing, emit
from forms import Parameters
from world import Json, World


def configure(world: World, p: Parameters) -> Json:
    allow(p)
    features = p.inner("features")
    now = world.now()
    configuration = world.put({
        "id": world.ids.next("bpc_"), "object": "billing_portal.configuration", "active": True, "application": None,
        "business_profile": profile(p, {}), "created": now, "default_return_url": p.text("default_return_url"),
        "features": features_of(features, NOTHING), "is_default": not world.all("billing_portal.configuration"), "livemode": False,
        "login_page": {"enabled": False, "url": None}, "metadata": p.metadata({}), "name": p.text("name"), "updated": now})
    emit(world, "billing_portal.configuration.created", configuration)
    return configuration


def allow(p: Parameters) -> None:
    p.only({"features", "business_profile", "default_return_url", "metadata", "name", "active", "login_page"})


def profile(p: Parameters, before: Json) -> Json:
    given = p.inner("business_profile")
    return {
        name: given.text(name) if name in given else before.get(name)
        for name in ("headline", "privacy_policy_url", "terms_of_service_url")}


NOTHING: Json = {
    "customer_update": {"allowed_updates": [], "enabled": False}, "invoice_history": {"enabled": False},
    "payment_method_update": {"enabled": False, "payment_method_configuration": None},
    "subscription_cancel": {
        "cancellation_reason": {"enabled": False, "options": []}, "enabled": False, "mode": "at_period_end",
        "proration_behavior": "none"},
    "subscription_pause": {"duration": {"interval_options": [], "type": "indefinite"}, "enabled": False},
    "subscription_update": {
        "billing_cycle_anchor": "unchanged", "default_allowed_updates": [], "enabled": False, "products": None,
        "proration_behavior": "none", "schedule_at_period_end": {"conditions": []}, "trial_update_behavior": "end_trial"},
}


def features_of(p: Parameters, before: Json) -> Json:
    p.only(NOTHING)
    found: Json = {}
    for name, usual in before.items():
        given = p.inner(name)
        found[name] = dict(usual)
        for member in given.values:
            if member not in usual:
                raise StripeError(f"Received unknown parameter: {given.name(member)}", code="parameter_unknown", param=given.name(member))
            found[name][member] = typed(given, member, usual[member])
    return found


def typed(p: Parameters, name: str, usual: object) -> object:
    if isinstance(usual, bool):
        return bool(p.boolean(name))
    if isinstance(usual, list):
        return p.texts(name)
    if name == "schedule_at_period_end":
        return {"conditions": [{"type": one.text("type")} for one in p.inner(name).many("conditions")]}
    if name == "cancellation_reason":
        return {"enabled": bool(p.inner(name).boolean("enabled")), "options": p.inner(name).texts("options")}
    if name == "duration":
        return {"interval_options": [], "type": p.inner(name).text("type") or "indefinite"}
    if name == "products":
        return [{
            "adjustable_quantity": {"enabled": False, "maximum": None, "minimum": 1}, "prices": one.texts("prices"),
            "product": one.text("product")} for one in p.many(name)]
    return p.text(name)


def reconfigure(world: World, configuration: Json, p: Parameters) -> Json:
    allow(p)
    with changing(world, configuration, "billing_portal.configuration.updated"):
        configuration["features"] = features_of(p.inner("features"), configuration["features"])
        configuration["business_profile"] = profile(p, configuration["business_profile"])
        configuration["metadata"] = p.metadata(configuration["metadata"])
        if "active" in p:
            configuration["active"] = p.boolean("active")
        for name in ("default_return_url", "name"):
            if name in p:
                configuration[name] = p.text(name)
        configuration["updated"] = world.now()
    return configuration


def open_session(world: World, p: Parameters) -> Json:
    p.only({"customer", "return_url", "configuration", "flow_data", "locale", "on_behalf_of"})
    customer = customers.living(world, p.need("customer"))
    configurations = world.all("billing_portal.configuration")
    if named := p.text("configuration"):
        configuration = catalogue.named(world, "billing_portal.configuration", named, "configuration")
    elif configurations:
        configuration = configurations[0]
    else:
        raise StripeError(
            "You can’t create a portal session in test mode until you save your customer portal settings in test mode at "
            "https://dashboard.stripe.com/test/settings/billing/portal.")
    identifier = world.ids.next("bps_")
    return world.put({
        "id": identifier, "object": "billing_portal.session", "configuration": configuration["id"], "created": world.now(),
        "customer": customer["id"], "customer_account": None, "flow": None, "livemode": False, "locale": p.text("locale"),
        "on_behalf_of": None, "return_url": p.text("return_url") or configuration["default_return_url"],
        "url": f"{world.address}/portal/{identifier}"})


def subscriptions_of(world: World, session: Json) -> list[Json]:
    return [
        one for one in world.all("subscription")
        if one["customer"] == session["customer"] and one["status"] not in (*standing.OVER, "incomplete")]


def cancel(world: World, subscription: Json) -> None:
    """With flexible billing the portal sets the date alone, not the flag."""
    if subscription["schedule"]:
        raise StripeError("The subscription is managed by a schedule: what is scheduled has to be undone first.")
    with changing(world, subscription, "customer.subscription.updated"):
        subscription.update(
            cancel_at=subscription["items"]["data"][0]["current_period_end"], canceled_at=world.now(),
            cancellation_details=subscription["cancellation_details"] | {"reason": "cancellation_requested"})


def undo(world: World, subscription: Json) -> None:
    with changing(world, subscription, "customer.subscription.updated"):
        subscription.update(
            cancel_at=None, cancel_at_period_end=False, canceled_at=None,
            cancellation_details={"comment": None, "feedback": None, "reason": None})
