/// Whether a price has its tax in it or has it come on top, in Stripe's words.
package enum TaxBehavior: String, Sendable, CaseIterable {
  case inclusive, exclusive

  /// For people, beside a price.
  package var note: String {
    switch self {
    case .inclusive: "incl. tax"
    case .exclusive: "plus tax"
    }
  }
}
