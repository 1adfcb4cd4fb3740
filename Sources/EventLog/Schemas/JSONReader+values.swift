import Foundation

extension JSONReader {
  /// A string's content as it is written, between the quotes.
  struct Text {
    let raw: UnsafeRawBufferPointer
    let isEscaped: Bool

    /// Its bytes in UTF-8, escapes resolved; nil when an escape is none.
    var decoded: [UInt8]? {
      guard isEscaped else { return Array(raw) }
      let quoted = Data([UInt8(ascii: "\"")] + raw + [UInt8(ascii: "\"")])
      return (try? JSONDecoder().decode(String.self, from: quoted)).map { Array($0.utf8) }
    }

    /// Whether it is this text.
    func equals(_ text: [UInt8]) -> Bool {
      guard !isEscaped else { return decoded == text }
      return raw.count == text.count && raw.elementsEqual(text)
    }

    /// Its length in code points, as JSON Schema counts.
    var length: Int {
      let bytes = isEscaped ? decoded ?? [] : nil
      return bytes.map { Self.codePoints($0) } ?? Self.codePoints(raw)
    }

    private static func codePoints(_ bytes: some Sequence<UInt8>) -> Int {
      bytes.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
    }
  }

  /// A number, exact enough to be held against the bounds of a schema.
  struct Number: Equatable {
    let value: Double
    let isInteger: Bool

    /// Nil for text that is no number.
    init?(_ text: UnsafeRawBufferPointer) {
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
          guard let number = Self.slow(text) else { return nil }
          self = number
          return
        }
      }
      guard text.count > (isNegative ? 1 : 0) else { return nil }
      var magnitude = Double(digits)
      if scale > 0 { magnitude /= Self.powersOfTen[scale] }
      self.init(value: isNegative ? -magnitude : magnitude, isInteger: !fraction)
    }

    private init(value: Double, isInteger: Bool) {
      self.value = value
      self.isInteger = isInteger
    }

    /// Seventeen digits and more, or an exponent.
    private static func slow(_ text: UnsafeRawBufferPointer) -> Number? {
      Double(String(decoding: text, as: UTF8.self)).map { Number(value: $0, isInteger: $0.rounded() == $0) }
    }

    private static let powersOfTen: [Double] = (0...18).map { pow(10, Double($0)) }
  }
}
