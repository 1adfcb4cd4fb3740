import Domain

/// What Stripe answered when all was well.
package struct StripeReply: Sendable {
  /// As it came.
  let body: [UInt8]
  let json: StripeJSON
  /// Stripe's clock.
  let date: Instant
  /// `req_…`
  let requestID: String?
  let apiVersion: String?

  subscript(_ name: String) -> StripeJSON { json[name] }

  /// Of the object.
  var id: String { json["id"].string ?? "" }
}

/// The date of an answer's head (RFC 9110, section 5.6.7), such as `Sat, 28 Nov 2026 10:00:00 GMT`.
enum HTTPDate {
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  static func instant(_ text: String) -> Instant? {
    let parts = text.split(separator: " ")
    guard parts.count == 6, parts[5] == "GMT", let month = months.firstIndex(of: String(parts[2])) else { return nil }
    let number = month < 9 ? "0\(month + 1)" : "\(month + 1)"
    return Instant("\(parts[3])-\(number)-\(parts[1])T\(parts[4])Z")
  }
}
