import Foundation

/// Shares of a whole, as they are shown.
enum Share {
  /// Up to six decimals; nil of nothing, for 0 of 0 is no share.
  static func of(_ part: Double, in whole: Int64) -> String? {
    guard whole > 0 else { return nil }
    return String(format: "%.6f", part / Double(whole))
  }

  /// The same of a hundred.
  static func percent(_ part: Int64, of whole: Int64) -> String? { of(Double(part) * 100, in: whole) }
}
