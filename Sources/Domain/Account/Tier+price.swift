extension Tier {
  /// What a month costs, in cents of a US dollar; 0: nothing.
  package var monthlyPrice: Int {
    switch self {
    case .free: 0
    case .pro: 900
    case .business: 2_900
    }
  }

  /// The same for people, such as `$9`.
  package var priceText: String {
    guard monthlyPrice > 0 else { return "0" }
    let (dollars, cents) = monthlyPrice.quotientAndRemainder(dividingBy: 100)
    return cents == 0 ? "$\(dollars)" : "$\(dollars).\(cents < 10 ? "0" : "")\(cents)"
  }
}
