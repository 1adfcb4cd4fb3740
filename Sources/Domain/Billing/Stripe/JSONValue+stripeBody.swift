import Foundation

extension JSONValue {
  /// An object of a raw body.
  init(stripe json: [UInt8]) throws(StripeBody.Failure) {
    guard let value = try? JSONValue(parsing: json), case .object = value else { throw .notJSON }
    self = value
  }
}
