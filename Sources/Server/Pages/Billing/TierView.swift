import Domain

/// What a tier gives, from the one table of tiers.
struct TierView: Sendable {
  let name, word, price: String
  /// Whether tax is in the price or comes on top; nil: none is taken.
  let taxNote: String?
  let events, testEvents, callRate, byteRate, detailDays, projects: String
  let hasOneProject: Bool
  let hasMailAlerts, hasSlack, hasSupport: Bool
  let signUp: String
  /// Whether whoever looks has it.
  let isCurrent: Bool

  /// - Parameter isSupported: whether priority support is offered here at all.
  init(_ tier: Tier, current: Tier? = nil, isSupported: Bool, tax: TaxBehavior? = nil) {
    (word, name) = (tier.rawValue, TierChoice(tier).name)
    price = tier.priceText
    taxNote = tax?.note(of: tier)
    (events, testEvents) = (Self.number(tier.monthlyQuota), Self.number(tier.testQuota))
    callRate = Self.number(tier.callRate.requestsPerSecond)
    byteRate = Self.size(tier.callRate.bytesPerSecond)
    (detailDays, projects) = (Self.number(tier.detailDays), Self.number(tier.projectLimit))
    hasOneProject = tier.projectLimit == 1
    (hasMailAlerts, hasSlack) = (tier.has(.mailAlerts), tier.has(.slack))
    hasSupport = isSupported && tier.has(.prioritySupport)
    signUp = Place.signUp(tier: tier == .free ? nil : tier.rawValue).path
    isCurrent = tier == current
  }

  static func all(current: Tier? = nil, isSupported: Bool, tax: TaxBehavior? = nil) -> [TierView] {
    Tier.allCases.map { TierView($0, current: current, isSupported: isSupported, tax: tax) }
  }

  private static func number(_ value: Int) -> String { Text.number(Int64(value)) }

  private static func size(_ bytes: Int) -> String { bytes < 1 << 20 ? "\(bytes >> 10) KB" : "\(bytes >> 20) MB" }
}

extension TaxBehavior {
  /// Beside a tier's price; nil of what costs nothing.
  func note(of tier: Tier) -> String? { tier.monthlyPrice > 0 ? note : nil }
}
