"""Payments of invoices: payment intents, charges, and which paid what."""

from errors import ControlError
from events import emit
from world import Json, World

MESSAGES = {
    "declined": ("card_declined", "generic_decline", "Your card was declined."),
    "no card": ("resource_missing", None, "Cannot charge a customer that has no active card"),
    "action": (
        "authentication_required", "authentication_required",
        "Your card was declined. This transaction requires authentication."),
}


def payment_of(world: World, invoice: Json) -> Json:
    """The invoice's payment, begun where there is none."""
    for payment in world.all("invoice_payment"):
        if payment["invoice"] == invoice["id"]:
            return payment
    intent = begin(world, invoice)
    return world.put({
        "id": world.ids.next("inpay_"), "object": "invoice_payment", "amount_paid": None, "amount_requested": invoice["amount_due"],
        "created": world.now(), "currency": invoice["currency"], "invoice": invoice["id"], "is_default": True, "livemode": False,
        "payment": {"payment_intent": intent["id"], "type": "payment_intent"}, "status": "open",
        "status_transitions": {"canceled_at": None, "paid_at": None}})


def begin(world: World, invoice: Json) -> Json:
    identifier = world.ids.next("pi_")
    intent = world.put({
        "id": identifier, "object": "payment_intent", "amount": invoice["amount_due"], "amount_capturable": 0,
        "amount_details": {"tip": {}}, "amount_received": 0, "application": None, "application_fee_amount": None,
        "automatic_payment_methods": None, "canceled_at": None, "cancellation_reason": None, "capture_method": "automatic",
        "client_secret": f"{identifier}_secret_{world.ids.letters(24)}", "confirmation_method": "automatic", "created": world.now(),
        "currency": invoice["currency"], "customer": invoice["customer"], "customer_account": None, "description": "Subscription creation"
        if invoice["billing_reason"] == "subscription_create" else "Subscription update", "excluded_payment_method_types": None,
        "last_payment_error": None, "latest_charge": None, "livemode": False, "metadata": {}, "next_action": None, "on_behalf_of": None,
        "payment_details": {"customer_reference": None, "order_reference": invoice["id"]}, "payment_method": None,
        "payment_method_configuration_details": None, "payment_method_options": {"card": {
            "installments": None, "mandate_options": None, "network": None, "request_three_d_secure": "automatic"}},
        "payment_method_types": ["card"], "processing": None, "receipt_email": None, "review": None,
        "setup_future_usage": "off_session", "shipping": None, "source": None, "statement_descriptor": None,
        "statement_descriptor_suffix": None, "status": "requires_payment_method", "transfer_data": None, "transfer_group": None})
    emit(world, "payment_intent.created", intent)
    return intent


def verdict(world: World, method: Json | None, confirmed: bool) -> str:
    """paid, declined, action or no card."""
    if method is None:
        return "no card"
    kind, before = world.secret(method["id"])["kind"], world.secret(method["id"])["paid"]
    match kind:
        case "declined":
            return "declined"
        case "fails_later":
            return "declined" if before else "paid"
        case "3ds":
            return "paid" if before or confirmed else "action"
        case "3ds_always":
            return "paid" if confirmed else "action"
        case _:
            return "paid"


def attempt(world: World, invoice: Json, method: Json | None, confirmed: bool) -> str:
    """Tries to take what is due; what became of it."""
    payment = payment_of(world, invoice)
    intent = world.get("payment_intent", payment["payment"]["payment_intent"])
    outcome = verdict(world, method, confirmed)
    if outcome == "paid" and method:
        succeed(world, invoice, payment, intent, method)
    elif outcome == "action" and method:
        ask(world, invoice, intent, method)
    else:
        fail(world, invoice, intent, method, outcome)
    return outcome


def succeed(world: World, invoice: Json, payment: Json, intent: Json, method: Json) -> None:
    world.secret(method["id"])["paid"] += 1
    charge = charge_of(world, invoice, intent, method, None)
    intent.update(
        status="succeeded", amount_received=intent["amount"], latest_charge=charge["id"], last_payment_error=None, next_action=None,
        payment_method=method["id"])
    emit(world, "charge.succeeded", charge)
    emit(world, "payment_intent.succeeded", intent)
    payment.update(status="paid", amount_paid=intent["amount"])
    payment["status_transitions"] = {"canceled_at": None, "paid_at": world.now()}
    emit(world, "invoice_payment.paid", payment)


def ask(world: World, invoice: Json, intent: Json, method: Json) -> None:
    intent.update(
        status="requires_action", payment_method=method["id"], next_action={
            "type": "redirect_to_url",
            "redirect_to_url": {"return_url": None, "url": f"{world.address}/invoice/{invoice['id']}"}})
    emit(world, "payment_intent.requires_action", intent)


def fail(world: World, invoice: Json, intent: Json, method: Json | None, outcome: str) -> None:
    code, decline, message = MESSAGES[outcome]
    charge = charge_of(world, invoice, intent, method, (code, decline, message)) if method else None
    intent.update(
        status="requires_payment_method", next_action=None, payment_method=None, latest_charge=charge["id"] if charge else None,
        last_payment_error={
            "type": "card_error", "code": code, "decline_code": decline, "message": message, "charge": charge["id"] if charge else None,
            "payment_method": method})
    if charge:
        emit(world, "charge.failed", charge)
    emit(world, "payment_intent.payment_failed", intent)


def charge_of(world: World, invoice: Json, intent: Json, method: Json | None, failure: tuple[str, str | None, str] | None) -> Json:
    identifier = world.ids.next("ch_")
    card = method["card"] if method else {}
    return world.put({
        "id": identifier, "object": "charge", "amount": intent["amount"], "amount_captured": 0 if failure else intent["amount"],
        "amount_refunded": 0, "application": None, "application_fee": None, "application_fee_amount": None,
        "balance_transaction": None if failure else world.ids.next("txn_"),
        "billing_details": method["billing_details"] if method else {
            "address": None, "email": None, "name": None, "phone": None, "tax_id": None},
        "calculated_statement_descriptor": "RECOUNT TEST", "captured": not failure, "created": world.now(),
        "currency": intent["currency"], "customer": intent["customer"], "description": intent["description"], "disputed": False,
        "failure_balance_transaction": None, "failure_code": failure[0] if failure else None,
        "failure_message": failure[2] if failure else None, "fraud_details": {}, "livemode": False, "metadata": {},
        "on_behalf_of": None,
        "outcome": {
            "advice_code": "try_again_later" if failure else None, "network_advice_code": None, "network_decline_code": None,
            "network_status": "declined_by_network" if failure else "approved_by_network", "reason": failure[1] if failure else None,
            "risk_level": "normal", "risk_score": 12, "rule": None,
            "seller_message": "The bank did not return any further details with this decline." if failure else "Payment complete.",
            "type": "issuer_declined" if failure else "authorized"},
        "paid": not failure, "payment_intent": intent["id"], "payment_method": method["id"] if method else None,
        "payment_method_details": {"type": "card", "card": {
            name: card.get(name) for name in ("brand", "country", "exp_month", "exp_year", "funding", "last4")} | {
                "amount_authorized": None if failure else intent["amount"], "authorization_code": None,
                "checks": card.get("checks"), "fingerprint": "testtesttesttest", "installments": None, "mandate": None,
                "network": "visa", "network_token": {"used": False}, "network_transaction_id": "100000000000000",
                "regulated_status": "unregulated", "three_d_secure": None, "wallet": None}},
        "presentment_details": None, "radar_options": {}, "receipt_email": None, "receipt_number": None,
        "receipt_url": None if failure else f"{world.address}/invoice/{invoice['id']}", "refunded": False, "review": None,
        "shipping": None, "source": None, "source_transfer": None, "statement_descriptor": None, "statement_descriptor_suffix": None,
        "status": "failed" if failure else "succeeded", "transfer_data": None, "transfer_group": None})


def payment_behind(world: World, what: Json) -> Json:
    """The charge behind what a test named: a charge, an invoice, a payment intent or a subscription."""
    identifier = next((what[name] for name in ("charge", "invoice", "payment_intent", "subscription") if name in what), None)
    item = world.any(identifier) if identifier else None
    if item is None:
        raise ControlError("name a charge, an invoice, a payment_intent or a subscription that is there")
    if item["object"] == "subscription":
        return payment_behind(world, {"invoice": item["latest_invoice"]})
    if item["object"] == "invoice":
        paid = [one for one in world.all("invoice_payment") if one["invoice"] == item["id"] and one["status"] == "paid"]
        if not paid:
            raise ControlError(f"{identifier} was not paid by a card")
        return payment_behind(world, {"payment_intent": paid[0]["payment"]["payment_intent"]})
    if item["object"] == "payment_intent":
        return world.get("charge", item["latest_charge"])
    return item
