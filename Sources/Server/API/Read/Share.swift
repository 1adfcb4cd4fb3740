import Domain

/// Shares of a whole, as they are shown.
enum Share {
  /// Rounded at its sixth decimal; nil of nothing, for 0 of 0 is no share.
  static func of(_ part: Int64, in whole: Int64) -> String? {
    of(part, times: 1, in: whole)
  }

  /// What a read model holds may be anything: 128 bits hold every product of it.
  private static func of(_ part: Int64, times factor: UInt128, in whole: Int64) -> String? {
    guard whole > 0, part >= 0 else { return nil }
    let millionths = (UInt128(part) * factor * 2_000_000 + UInt128(whole)) / (2 * UInt128(whole))
    return JSONText.decimal(millionths: Int64(clamping: millionths))
  }

  /// The same of a hundred.
  static func percent(_ part: Int64, of whole: Int64) -> String? { of(part, times: 100, in: whole) }
}
