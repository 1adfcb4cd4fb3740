/// An amount of money in minor units of its currency, as Stripe counts them.
package struct MoneyAmount: Sendable, Hashable {
  /// Cents, say; of a currency that has no minor unit, whole ones.
  package var minorUnits: Int
  /// By its three letters (ISO 4217).
  package var currency: String

  /// So much of a currency.
  package init(_ minorUnits: Int, _ currency: String) {
    self.minorUnits = minorUnits
    self.currency = currency.uppercased()
  }

  /// For people, such as `USD 9.00`, `JPY 500` or `KWD 1.250`.
  package var text: String {
    let digits = String(minorUnits.magnitude)
    let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
    let fraction = places > 0 ? "." + padded.suffix(places) : ""
    return "\(currency) \(minorUnits < 0 ? "-" : "")\(padded.dropLast(places))\(fraction)"
  }

  private var places: Int { Self.placesOfOthers[currency] ?? 2 }

  /// Those that Stripe counts in other than hundredths. Icelandic krónur and Ugandan shillings have no minor unit any more, and are counted in
  /// hundredths there all the same.
  private static let placesOfOthers: [String: Int] = {
    let none = [
      "BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF",
    ]
    let thousandths = ["BHD", "JOD", "KWD", "OMR", "TND"]
    return Dictionary(uniqueKeysWithValues: none.map { ($0, 0) } + thousandths.map { ($0, 3) })
  }()
}
