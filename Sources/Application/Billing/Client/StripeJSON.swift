import Domain

/// A part of one of Stripe's objects, to be looked into: what is not there is nil.
package struct StripeJSON: Sendable {
  let value: JSONValue

  init(_ value: JSONValue) { self.value = value }

  subscript(_ name: String) -> StripeJSON {
    guard case .object(let members) = value else { return StripeJSON(.null) }
    return StripeJSON(members[name] ?? .null)
  }

  /// Elements of an array; none of anything else.
  var elements: [StripeJSON] {
    guard case .array(let elements) = value else { return [] }
    return elements.map(StripeJSON.init)
  }

  var string: String? {
    guard case .string(let text) = value else { return nil }
    return text
  }

  var integer: Int? {
    guard case .integer(let number) = value else { return nil }
    return number
  }

  var bool: Bool {
    guard case .bool(let flag) = value else { return false }
    return flag
  }

  /// Of Unix seconds.
  var time: Instant? { value.stripeTime }

  /// An id, whether the object is there whole or not.
  var id: String? { string ?? self["id"].string }

  var isNull: Bool { value == .null }
}
