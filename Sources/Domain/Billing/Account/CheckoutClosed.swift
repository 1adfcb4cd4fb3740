package import struct Foundation.UUID

/// The page of a checkout is of no use any more.
package struct CheckoutClosed: EventData {
  package static let kind = EventKind("checkout_closed")
  package var accountID: UUID
  package var session: String
  /// `complete` or `expired`, as Stripe says.
  package var status: String
}
