import Domain

/// What is sent to Stripe: names and values in their order, such as `items[0][price]`.
package struct StripeForm: Sendable, ExpressibleByDictionaryLiteral {
  private var pairs: [(name: String, value: String)] = []

  package init(dictionaryLiteral elements: (String, String)...) { pairs = elements.map { (name: $0.0, value: $0.1) } }

  /// Adds one, unless there is nothing to say.
  mutating func add(_ name: String, _ value: String?) {
    if let value { pairs.append((name: name, value: value)) }
  }

  /// One form with what stands in the other behind it.
  static func + (one: StripeForm, other: StripeForm) -> StripeForm {
    var both = one
    both.pairs += other.pairs
    return both
  }

  var isEmpty: Bool { pairs.isEmpty }

  /// application/x-www-form-urlencoded.
  var encoded: String {
    pairs.map { "\(Self.encode($0.name))=\(Self.encode($0.value))" }.joined(separator: "&")
  }

  private static func encode(_ text: String) -> String {
    var encoded = ""
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
        UInt8(ascii: "~"):
        encoded.unicodeScalars.append(Unicode.Scalar(byte))
      default: encoded += "%" + Hex.text([byte]).uppercased()
      }
    }
    return encoded
  }
}
