"""The pages that a person pays on: plain forms, no script, and no money."""

import dataclasses
import html
import re

import cards
import checkout
import collection
import control
import invoices
import pdf
import portal
from clock import day_of
from errors import StripeError
from world import Json, World

STYLE = """
body { font: 16px/1.5 sans-serif; max-width: 34rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a; background: #fff }
.note { background: #fff3c4; border: 1px solid #8a6d00; padding: .5rem 1rem }
button, .button { font: inherit; padding: .5rem 1rem; margin: .25rem 0; min-height: 44px; display: block; width: 100%; text-align: left }
table { border-collapse: collapse; width: 100% } td { padding: .25rem 0; border-bottom: 1px solid #ddd }
.bad { color: #a40000 }
"""
NOTE = "This is a test Stripe that runs on this machine. No card is asked for, and no money moves."
PATH = re.compile(r"^/(pay|portal|invoice)/([A-Za-z0-9_]+)(?:/(confirm|card|cancel|undo|pay))?(\.pdf)?$")


@dataclasses.dataclass
class Page:
    status: int
    body: bytes = b""
    kind: str = "text/html; charset=utf-8"
    location: str | None = None


def see_other(location: str) -> Page:
    return Page(303, location=location)


def shown(title: str, *parts: str, status: int = 200) -> Page:
    text = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escaped(title)}</title><style>{STYLE}</style></head><body><p class=\"note\">{NOTE}</p><main>"
        f"<h1>{escaped(title)}</h1>{''.join(parts)}</main></body></html>")
    return Page(status, text.encode())


def escaped(text: object) -> str:
    return html.escape(str(text), quote=True)


def button(action: str, text: str, name: str = "go", value: str = "1") -> str:
    return (
        f'<form method="post" action="{escaped(action)}"><button name="{name}" value="{escaped(value)}">{escaped(text)}</button></form>')


def link(location: str | None, text: str) -> str:
    return f'<p><a href="{escaped(location)}">{escaped(text)}</a></p>' if location else ""


def money(amount: int, currency: str) -> str:
    return f"${amount / 100:,.2f}" if currency == "usd" else f"{amount} {currency.upper()} (minor units)"


def rows(pairs: list[tuple[str, str]]) -> str:
    return "<table>" + "".join(f"<tr><td>{escaped(name)}</td><td>{escaped(value)}</td></tr>" for name, value in pairs) + "</table>"


def answer(world: World, method: str, path: str, form: Json) -> Page:
    match = PATH.match(path)
    if match is None:
        return shown("There is no such page", status=404)
    kind, identifier, step, document = match.groups()
    try:
        if kind == "pay":
            return pay(world, method, world.get("checkout.session", identifier), step, form)
        if kind == "portal":
            return portal_page(world, method, world.get("billing_portal.session", identifier), step, form)
        return invoice_page(world, method, world.get("invoice", identifier), step, document, form)
    except StripeError as error:
        return shown("That did not work", f'<p class="bad">{escaped(error)}</p>', status=error.status)


# --- checkout


def pay(world: World, method: str, session: Json, step: str | None, form: Json) -> Page:
    here = f"/pay/{session['id']}"
    if session["status"] != "open":
        back = checkout.way_back(session) if session["status"] == "complete" else session["cancel_url"]
        return shown(f"This checkout is {session['status']}", link(back, "Back to the shop"), status=410 if back is None else 200)
    if method == "POST" and step == "confirm":
        return after(session, checkout.answer(world, session, form.get("answer") == "confirm"))
    if method == "POST":
        return after(session, checkout.pay(world, session, str(form.get("card"))))
    if step == "confirm":
        return bank_page(f"{here}/confirm")
    said = '<p class="bad">Your card was declined. Take another one.</p>' if form.get("said") == "declined" else ""
    buttons = "".join(button(here, text, "card", kind) for kind, (_, text) in cards.KINDS.items())
    return shown("Pay", said, session_rows(world, session), buttons, link(session["cancel_url"], "Cancel and go back"))


def session_rows(world: World, session: Json) -> str:
    lines = world.secret(session["id"])["line_items"]
    pairs = [
        (f"{one['quantity']} × {invoices.product_name(world, one['price'])}", money(one["amount_total"], one["currency"])) for one in lines]
    return rows([*pairs, ("Total today", money(session["amount_total"], session["currency"]))])


def after(session: Json, outcome: str) -> Page:
    here = f"/pay/{session['id']}"
    match outcome:
        case "paid":
            return see_other(checkout.way_back(session))
        case "action":
            return see_other(f"{here}/confirm")
    return see_other(f"{here}?said=declined")


def bank_page(action: str) -> Page:
    return shown(
        "Your bank asks: is it you?", "<p>A real bank would ask for a code or its app (3D Secure).</p>",
        button(action, "Yes, confirm the payment", "answer", "confirm"), button(action, "No, refuse it", "answer", "fail"))


# --- portal


def portal_page(world: World, method: str, session: Json, step: str | None, form: Json) -> Page:
    here = f"/portal/{session['id']}"
    if method == "POST":
        act(world, session, step, form)
        return see_other(here)
    customer = world.get("customer", session["customer"])
    sections = [subscription_part(world, here, one) for one in portal.subscriptions_of(world, session)]
    buttons = "".join(button(f"{here}/card", text, "card", kind) for kind, (_, text) in cards.KINDS.items())
    owed = [one for one in world.all("invoice") if one["customer"] == customer["id"] and one["hosted_invoice_url"]]
    listed = "<h2>Invoices</h2>" + "".join(
        link(f"/invoice/{one['id']}", f"{one['number']}: {money(one['total'], one['currency'])}, {one['status']}")
        for one in reversed(owed))
    return shown("Billing", *sections, "<h2>New card</h2>", buttons, listed, link(session["return_url"], "Back to the shop"))


def subscription_part(world: World, here: str, subscription: Json) -> str:
    item = subscription["items"]["data"][0]
    pairs = [
        ("Subscription", invoices.product_name(world, item["price"])), ("State", subscription["status"]),
        ("Period ends", day_of(item["current_period_end"]))]
    if subscription["cancel_at"]:
        pairs.append(("Cancelled for", day_of(subscription["cancel_at"])))
        return rows(pairs) + button(f"{here}/undo", "Don’t cancel", "subscription", subscription["id"])
    return rows(pairs) + button(f"{here}/cancel", "Cancel at the period’s end", "subscription", subscription["id"])


def act(world: World, session: Json, step: str | None, form: Json) -> None:
    if step == "card":
        cards.change_default(world, world.get("customer", session["customer"]), str(form.get("card")))
        return
    named = [one for one in portal.subscriptions_of(world, session) if form.get("subscription") in (None, one["id"])]
    for subscription in named:
        if step == "cancel":
            portal.cancel(world, subscription)
        elif step == "undo":
            portal.undo(world, subscription)


# --- invoices


def invoice_page(world: World, method: str, invoice: Json, step: str | None, document: str | None, form: Json) -> Page:
    here = f"/invoice/{invoice['id']}"
    if document:
        return Page(200, pdf.page(lines_of(invoice)), "application/pdf")
    if method == "POST" and step == "confirm":
        control.answer_bank(world, invoice, form.get("answer") == "confirm")
        return see_other(here)
    if method == "POST":
        outcome = collection.collect(world, invoice, on_page=True)
        return see_other({"paid": here, "action": f"{here}/confirm"}.get(outcome, f"{here}?said=declined"))
    if step == "confirm":
        return bank_page(f"{here}/confirm")
    said = '<p class="bad">The card was declined. Give another one in the portal, then come back.</p>' if form.get("said") else ""
    payable = button(f"{here}/pay", "Pay now with the card that is on file") if invoice["status"] in ("open", "uncollectible") else ""
    return shown(
        f"Invoice {invoice['number'] or '(draft)'}", said, rows(pairs_of(invoice)), payable, link(f"{here}.pdf", "As PDF"))


def pairs_of(invoice: Json) -> list[tuple[str, str]]:
    pairs = [(one["description"], money(one["amount"], one["currency"])) for one in invoice["lines"]["data"]]
    taxes = [("Tax", money(one["amount"], invoice["currency"])) for one in invoice["total_taxes"]]
    return [
        *pairs, *taxes, ("Total", money(invoice["total"], invoice["currency"])), ("Due", money(invoice["amount_remaining"], invoice["currency"])),
        ("State", invoice["status"]), ("Of", day_of(invoice["created"]))]


def lines_of(invoice: Json) -> list[str]:
    return [f"Invoice {invoice['number']}", NOTE, "", *(f"{name}: {value}" for name, value in pairs_of(invoice))]
