"""What comes after a payment: refunds, disputes and warnings of fraud."""

import copy

import catalogue
import invoices
import standing
from clock import DAY
from errors import StripeError
from events import emit
from forms import Parameters
from world import Json, World


def create(world: World, p: Parameters) -> Json:
    p.only({"charge", "payment_intent", "amount", "reason", "metadata"})
    if p.text("payment_intent"):
        intent = catalogue.named(world, "payment_intent", p.need("payment_intent"), "payment_intent")
        charge = world.get("charge", intent["latest_charge"] or "")
    else:
        charge = catalogue.named(world, "charge", p.need("charge"), "charge")
    reason = p.choice("reason", ("duplicate", "fraudulent", "requested_by_customer"))
    return refund(world, charge, p.integer("amount"), reason, p.metadata({}))


def refund(world: World, charge: Json, amount: int | None, reason: str | None, metadata: Json) -> Json:
    left = charge["amount_captured"] - charge["amount_refunded"]
    if left == 0:
        raise StripeError(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    wanted = left if amount is None else amount
    if not 0 < wanted <= left:
        raise StripeError(f"Refund amount ({wanted}) is greater than unrefunded amount on charge ({left})", param="amount")
    refunded = world.put({
        "id": world.ids.next("re_"), "object": "refund", "amount": wanted, "balance_transaction": world.ids.next("txn_"),
        "charge": charge["id"], "created": world.now(), "currency": charge["currency"], "destination_details": {
            "card": {"reference_status": "pending", "reference_type": "acquirer_reference_number", "type": "refund"}, "type": "card"},
        "metadata": metadata, "payment_intent": charge["payment_intent"], "reason": reason, "receipt_number": None,
        "source_transfer_reversal": None, "status": "succeeded", "transfer_reversal": None})
    before = {name: charge[name] for name in ("amount_refunded", "refunded")}
    charge["amount_refunded"] += wanted
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    emit(world, "refund.created", refunded)
    emit(world, "charge.refunded", charge, {name: old for name, old in before.items() if charge[name] != old})
    emit(world, "refund.updated", refunded, {"balance_transaction": None})
    return refunded


def dispute(world: World, charge: Json, reason: str) -> Json:
    if charge["disputed"]:
        raise StripeError(f"Charge {charge['id']} is disputed already.")
    now = world.now()
    found = world.put({
        "id": world.ids.next("du_"), "object": "dispute", "amount": charge["amount"], "balance_transactions": [],
        "charge": charge["id"], "created": now, "currency": charge["currency"], "enhanced_eligibility_types": [],
        "evidence": {name: None for name in EVIDENCE} | {"enhanced_evidence": {}},
        "evidence_details": {
            "due_by": now + 7 * DAY, "enhanced_eligibility": {}, "has_evidence": False, "past_due": False, "submission_count": 0,
            "submission_method": "not_submitted"},
        "is_charge_refundable": False, "livemode": False, "metadata": {}, "payment_intent": charge["payment_intent"],
        "payment_method_details": {
            "card": {"brand": "visa", "case_type": "chargeback", "network": "visa", "network_reason_code": "10"}, "type": "card"},
        "reason": reason, "status": "needs_response"})
    charge["disputed"] = True
    emit(world, "charge.updated", charge, {"disputed": False})
    emit(world, "charge.dispute.created", found)
    emit(world, "charge.dispute.funds_withdrawn", found)
    if world.settings.dispute_cancels == "created":
        end_subscription(world, charge)
    return found


EVIDENCE = (
    "access_activity_log", "billing_address", "cancellation_policy", "cancellation_policy_disclosure", "cancellation_rebuttal",
    "customer_communication", "customer_email_address", "customer_name", "customer_purchase_ip", "customer_signature",
    "duplicate_charge_documentation", "duplicate_charge_explanation", "duplicate_charge_id", "product_description", "receipt",
    "refund_policy", "refund_policy_disclosure", "refund_refusal_explanation", "service_date", "service_documentation",
    "shipping_address", "shipping_carrier", "shipping_date", "shipping_documentation", "shipping_tracking_number",
    "uncategorized_file", "uncategorized_text")
CLOSED = ("won", "lost", "warning_closed", "prevented")


def close(world: World, found: Json, status: str) -> Json:
    if found["status"] in CLOSED:
        raise StripeError(f"This dispute is closed already: {found['status']}.")
    before = found["status"]
    found["status"] = status
    emit(world, "charge.dispute.updated", found, {"status": before})
    if status in CLOSED:
        emit(world, "charge.dispute.closed", found)
    if status == "won":
        emit(world, "charge.dispute.funds_reinstated", found)
    if status == "lost" and world.settings.dispute_cancels == "lost":
        end_subscription(world, world.get("charge", found["charge"]))
    return found


def end_subscription(world: World, charge: Json) -> None:
    for payment in world.all("invoice_payment"):
        if payment["payment"]["payment_intent"] == charge["payment_intent"]:
            subscription = invoices.subscription_of(world, world.get("invoice", payment["invoice"]))
            if subscription["status"] not in standing.OVER:
                standing.end(world, subscription, "payment_disputed")


def warn(world: World, charge: Json) -> Json:
    warning = world.put({
        "id": world.ids.next("issfr_"), "object": "radar.early_fraud_warning", "actionable": not charge["refunded"],
        "charge": charge["id"], "created": world.now(), "fraud_type": "made_with_stolen_card", "livemode": False,
        "payment_intent": charge["payment_intent"]})
    emit(world, "radar.early_fraud_warning.created", warning)
    return copy.deepcopy(warning)
