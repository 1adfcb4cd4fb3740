import Domain
import Foundation

/// Where a request comes from, as it is sealed: a JSON object of `address` and `user_agent`.
package struct Client: Codable, Sendable, Equatable {
  /// `unknown` where there is no socket.
  package let address: String
  /// As the client calls itself; empty where it does not.
  package let userAgent: String

  enum CodingKeys: String, CodingKey {
    case address
    case userAgent = "user_agent"
  }
}

extension Client {
  /// The user agent is cut to a length that any real one keeps to.
  package init(address: String, userAgent: String?) {
    self.address = address
    self.userAgent = String((userAgent ?? "").prefix(300))
  }

  /// The address, where there is one.
  package var network: String? { address == Self.unknown ? nil : address }

  package static let unknown = "unknown"

  /// As it was sealed.
  package init?(text: String) {
    guard let client = try? ForeignJSON.decode(Client.self, from: Data(text.utf8)) else { return nil }
    self = client
  }

  package var text: String {
    JSONValue.object(["address": .string(address), "user_agent": .string(userAgent)]).text
  }
}
