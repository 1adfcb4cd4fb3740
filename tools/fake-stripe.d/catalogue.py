"""Products and prices."""

from decimal import Decimal

import taxes
from errors import StripeError, missing
from events import changing, emit
from forms import Parameters
from world import Json, World

INTERVALS = ("day", "week", "month", "year")
TIERS = (("pro", "Pro", 900), ("business", "Business", 2_900))
PRODUCT = {"id", "name", "description", "metadata", "active", "tax_code", "statement_descriptor", "unit_label", "images", "url",
           "marketing_features", "default_price", "default_price_data", "shippable", "package_dimensions"}
PRICE = {"currency", "unit_amount", "unit_amount_decimal", "product", "product_data", "recurring", "lookup_key", "transfer_lookup_key",
         "metadata", "nickname", "active", "tax_behavior", "billing_scheme"}


def product_of(world: World, p: Parameters) -> Json:
    p.only(PRODUCT)
    identifier = p.text("id") or world.ids.next("prod_")
    if world.find("product", identifier):
        raise StripeError("Product already exists.", code="resource_already_exists", param="id")
    product = world.put({
        "id": identifier, "object": "product", "active": p.boolean("active") is not False, "created": world.now(),
        "default_price": None, "description": p.text("description"), "images": p.texts("images"), "livemode": False,
        "marketing_features": [], "metadata": p.metadata({}), "name": p.need("name"), "package_dimensions": None, "shippable": None,
        "statement_descriptor": p.text("statement_descriptor"), "tax_code": p.text("tax_code"), "type": "service",
        "unit_label": p.text("unit_label"), "updated": world.now(), "url": p.text("url")})
    emit(world, "product.created", product)
    return product


def change_product(world: World, product: Json, p: Parameters) -> Json:
    p.only(PRODUCT - {"id"})
    with changing(world, product, "product.updated"):
        for name in ("name", "description", "tax_code", "statement_descriptor", "unit_label", "url", "default_price"):
            if name in p:
                product[name] = p.text(name)
        if "active" in p:
            product["active"] = p.boolean("active")
        product["metadata"] = p.metadata(product["metadata"])
    return product


def delete_product(world: World, product: Json) -> Json:
    if any(price["product"] == product["id"] for price in world.all("price")):
        raise StripeError("This product cannot be deleted because it has one or more user-created prices.", param="id")
    world.remove(product)
    emit(world, "product.deleted", product)
    return {"id": product["id"], "object": "product", "deleted": True}


def price_of(world: World, p: Parameters) -> Json:
    p.only(PRICE)
    amount = amount_of(p)
    if "product_data" in p:
        product = product_of(world, p.inner("product_data"))
    else:
        product = named(world, "product", p.need("product"), "product")
    recurring = p.inner("recurring")
    interval = recurring.choice("interval", INTERVALS)
    key = free_key(world, p)
    price = world.put({
        "id": world.ids.next("price_"), "object": "price", "active": p.boolean("active") is not False, "billing_scheme": "per_unit",
        "created": world.now(), "currency": p.need("currency").lower(), "custom_unit_amount": None, "livemode": False, "lookup_key": key,
        "metadata": p.metadata({}), "nickname": p.text("nickname"), "product": product["id"],
        "recurring": {
            "interval": interval, "interval_count": recurring.integer("interval_count") or 1, "meter": None,
            "trial_period_days": None, "usage_type": "licensed"} if interval else None,
        "tax_behavior": p.choice("tax_behavior", taxes.BEHAVIORS) or "unspecified", "tiers_mode": None, "transform_quantity": None,
        "type": "recurring" if interval else "one_time", "unit_amount": amount, "unit_amount_decimal": str(amount)})
    emit(world, "price.created", price)
    return price


def amount_of(p: Parameters) -> int:
    if (decimal := p.text("unit_amount_decimal")) is not None:
        return int(Decimal(decimal))
    amount = p.integer("unit_amount")
    if amount is None:
        raise StripeError("Must provide one of: unit_amount, unit_amount_decimal.", code="parameter_missing", param="unit_amount")
    return amount


def free_key(world: World, p: Parameters) -> str | None:
    """A lookup key is of one active price alone; it can be taken over."""
    key = p.text("lookup_key")
    holder = next((price for price in world.all("price") if key and price["lookup_key"] == key), None)
    if holder is None:
        return key
    if not p.boolean("transfer_lookup_key"):
        raise StripeError(
            f"A price (`{holder['id']}`) already uses that lookup key.", code="resource_already_exists", param="lookup_key")
    with changing(world, holder, "price.updated"):
        holder["lookup_key"] = None
    return key


def change_price(world: World, price: Json, p: Parameters) -> Json:
    p.only({"active", "lookup_key", "metadata", "nickname", "tax_behavior", "transfer_lookup_key"})
    with changing(world, price, "price.updated"):
        if "active" in p:
            price["active"] = p.boolean("active")
        if "lookup_key" in p and p.text("lookup_key") != price["lookup_key"]:
            price["lookup_key"] = free_key(world, p)
        if "nickname" in p:
            price["nickname"] = p.text("nickname")
        set_tax_behavior(price, p)
        price["metadata"] = p.metadata(price["metadata"])
    return price


def set_tax_behavior(price: Json, p: Parameters) -> None:
    """Once for all."""
    wanted = p.choice("tax_behavior", taxes.BEHAVIORS)
    if wanted is None or wanted == price["tax_behavior"]:
        return
    if price["tax_behavior"] != "unspecified":
        raise StripeError("Once a price's `tax_behavior` is set to either `inclusive` or `exclusive`, it cannot be changed.",
                          param=p.name("tax_behavior"))
    price["tax_behavior"] = wanted


def named(world: World, kind: str, identifier: str, param: str) -> Json:
    """An object that a parameter names: not to find it is the caller's fault, so 400."""
    found = world.find(kind, identifier)
    if found is None:
        error = missing(kind, identifier, param)
        error.status = 400
        raise error
    return found


def usable_price(world: World, identifier: str, param: str) -> Json:
    price = named(world, "price", identifier, param)
    if not price["active"]:
        raise StripeError("The price specified is inactive. This field only accepts active prices.", param=param)
    return price


def stock(world: World, installation: str) -> None:
    """The tiers of an installation, as its set-up would make them."""
    for tier, name, amount in TIERS:
        marks = {"recount_installation": installation, "recount_tier": tier}
        product = product_of(world, Parameters({"name": f"Recount {name}", "metadata": marks}))
        price_of(world, Parameters({
            "product": product["id"], "currency": "usd", "unit_amount": str(amount), "recurring": {"interval": "month"},
            "lookup_key": f"recount_{installation}_{tier}", "metadata": marks}))


def by_tier(world: World, kind: str) -> dict[str, str]:
    return {item["metadata"]["recount_tier"]: item["id"] for item in world.all(kind) if "recount_tier" in item["metadata"]}
