import Application
import Domain
import HTTPTypes

/// What can be asked about what an account pays.
extension Operation {
  private static let path = "/api/v1/accounts/{account_id}/billing"
  /// What any change of it may come to.
  private static let ofStripe: [Problem.Kind] = [
    .billingNotSetUp, .stripeRefused, .stripeUnavailable, .billingUnsettled, .notSubscribed,
  ]

  static let billing = Operation(
    .get, path, id: "billing", .billing, "What an account buys",
    note: """
      Its tier and what that follows from, its subscriptions, what is owed, and what each tier costs and gives. It is what was decided of all \
      that Stripe said, so that it is told while Stripe is away, too.
      """, right: .member(.readAccount),
    answer: OperationAnswer(BillingRoutes.stateShape, "What the account buys."))

  static let invoices = Operation(
    .get, path + "/invoices", id: "invoices", .billing, "An account's invoices, each with what was used in its month",
    note:
      "The latest first; drafts are left out. A period that is invoiced begins on any day, a quota with the calendar month (UTC): beside an invoice stands the month "
      + "that it was made in.", right: .member(.readAccount),
    query: QueryParameters(BillingRoutes.limit, BillingRoutes.place),
    answer: OperationAnswer(BillingRoutes.page, "A page of invoices."))

  static let invoiceLinks = Operation(
    .get, path + "/invoices/{invoice_id}/links", id: "invoiceLinks", .billing,
    "Where an invoice is seen, paid and downloaded",
    note:
      "Asked of Stripe now, and stored nowhere: whoever has such a link opens the invoice without logging in, and it ends after a while.",
    right: .member(.manageBilling), answer: OperationAnswer(BillingRoutes.documents, "Stripe's links."),
    problems: ofStripe + [.invoiceNotFound, .tooManyAttempts])

  static let checkout = Operation(
    .post, path + "/checkout", id: "checkout", .billing, "Subscribe: a page of Stripe's where a tier is paid",
    note: """
      Asked again for the same tier it is the same page, for another the old one ends. The account has the tier once Stripe says that it is paid. \
      While something is owed there is no checkout: it is to be paid first.
      """, right: .member(.manageBilling), body: .object(Body(BillingRoutes.tier)),
    answer: OperationAnswer(BillingRoutes.stripePage, "Where to go on."),
    problems: ofStripe + [
      .paymentOwed, .alreadySubscribed, .tierNotSold, .tierUnchanged, .paymentDeclined, .tooManyAttempts,
    ])

  static let previewTier = Operation(
    .post, path + "/preview", id: "previewTier", .billing, "What a higher tier would cost now, and from then on",
    note:
      "Nothing is changed. A higher tier begins a new period: what is paid of the old one and not used is taken off.",
    right: .member(.manageBilling), body: .object(Body(BillingRoutes.tier)),
    answer: OperationAnswer(BillingRoutes.previewShape, "The price."),
    problems: ofStripe + [
      .paymentOwed, .tierNotSold, .tierUnchanged, .paymentDeclined, .billingAddressMissing, .tooManyAttempts,
    ])

  static let changeTier = Operation(
    .post, path + "/tier", id: "changeTier", .billing, "Move a running subscription to another tier",
    note: """
      A higher one at once, for the amount that was previewed where its `proration_date` is given; a lower one at the end of what is paid, \
      `free` by cancelling. What is kept of a lower one: the month (UTC) has the higher quota to its end, projects stay, and detail is kept \
      for another week.
      """, right: .member(.manageBilling), body: .object(Body(BillingRoutes.tier, BillingRoutes.prorationDate)),
    answer: OperationAnswer(BillingRoutes.moved, "What came of it."),
    problems: ofStripe + [
      .paymentOwed, .tierNotSold, .tierUnchanged, .paymentDeclined, .billingAddressMissing, .tooManyAttempts,
    ])

  static let cancelSubscription = Operation(
    .post, path + "/cancel", id: "cancelSubscription", .billing, "End the subscription with what is paid",
    note: "It can be taken back until then.", right: .member(.manageBilling),
    answer: .message(.accepted, "Stripe was told."),
    problems: ofStripe + [.tierUnchanged, .paymentOwed])

  static let undoSubscriptionChange = Operation(
    .post, path + "/undo", id: "undoSubscriptionChange", .billing,
    "Take back what was to happen at the end of what is paid",
    note: "A cancellation, or a lower tier that was scheduled.", right: .member(.manageBilling),
    answer: .message(.accepted, "Stripe was told."),
    problems: ofStripe + [.nothingToUndo, .paymentOwed, .tooManyAttempts])

  static let portal = Operation(
    .post, path + "/portal", id: "portal", .billing, "A page of Stripe's for cards, addresses and tax ids",
    note: "Whoever has the address is let in, for a few minutes.", right: .member(.manageBilling),
    answer: OperationAnswer(BillingRoutes.stripePage, "Where to go on."), problems: ofStripe + [.tooManyAttempts])
}
