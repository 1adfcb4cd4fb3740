import Foundation

/// A number, exact enough to be held against the bounds of a schema.
struct SchemaNumber: Equatable {
  let value: Double
  let isInteger: Bool

  /// Of a number's text in JSON.
  init(_ text: UnsafeBufferPointer<UInt8>) {
    var (digits, scale, isNegative, seenPoint, fraction) = (Int64(0), 0, false, false, false)
    for (place, byte) in text.enumerated() {
      switch byte {
      case UInt8(ascii: "-") where place == 0: isNegative = true
      case UInt8(ascii: ".") where !seenPoint: seenPoint = true
      case UInt8(ascii: "0")...UInt8(ascii: "9") where digits < 100_000_000_000_000_000 && scale < 18:
        digits = digits * 10 + Int64(byte - UInt8(ascii: "0"))
        if seenPoint { scale += 1 }
        fraction = fraction || seenPoint && byte != UInt8(ascii: "0")
      default:
        self.init(slowly: text)
        return
      }
    }
    var magnitude = Double(digits)
    if scale > 0 { magnitude /= Self.powersOfTen[scale] }
    self.init(value: isNegative ? -magnitude : magnitude, isInteger: !fraction)
  }

  /// Seventeen digits and more, or an exponent.
  private init(slowly text: UnsafeBufferPointer<UInt8>) {
    let value = Double(String(decoding: text, as: UTF8.self)) ?? .nan
    self.init(value: value, isInteger: value.rounded() == value)
  }

  private init(value: Double, isInteger: Bool) {
    self.value = value
    self.isInteger = isInteger
  }

  private static let powersOfTen: [Double] = (0...18).map { pow(10, Double($0)) }
}
