import Domain
public import EventLog
public import Foundation
import HTTPTypes
public import Hummingbird

/// Where a request comes from: network address and user agent, for sessions, throttles and the security audit log.
public struct Clients: Sendable {
  let vault: Vault
  let proxies: TrustedProxies

  /// Seals with a vault; believes what these proxies say of the address.
  public init(vault: Vault, proxies: TrustedProxies = .none) {
    self.vault = vault
    self.proxies = proxies
  }

  /// What an event says of where it came from, sealed for the person who did it. Throws `VaultError.erased` for one who is not any
  /// more.
  public func origin(of request: Request, context: RecountContext, for userID: UUID) async throws -> Origin {
    let client = client(of: request, context: context)
    return Origin(actorID: userID, sealedClient: try await vault.seal(client.text, for: userID))
  }

  func client(of request: Request, context: RecountContext) -> Client {
    Client(address: address(of: request, context: context), request)
  }

  /// The network address that a request comes from: that of the socket's other end, or what a trusted proxy there says.
  public func address(of request: Request, context: RecountContext) -> String {
    guard let peer = context.peerAddress else { return Client.unknown }
    return proxies.client(
      behind: peer, listed: request.headers[values: .xForwardedFor], forwarded: request.headers[values: .forwarded])
  }
}

/// Where a request comes from, as it is sealed: a JSON object of `address` and `user_agent`.
struct Client: Codable, Equatable {
  /// `unknown` where there is no socket.
  let address: String
  let userAgent: String

  enum CodingKeys: String, CodingKey {
    case address
    case userAgent = "user_agent"
  }
}

extension Client {
  /// Cut to a length that any real user agent keeps to.
  init(address: String, _ request: Request) {
    self.address = address
    userAgent = String((request.headers[.userAgent] ?? "").prefix(300))
  }

  /// The address, where there is one.
  var network: String? { address == Self.unknown ? nil : address }

  static let unknown = "unknown"

  /// As it was sealed.
  init?(text: String) {
    guard let client = try? ForeignJSON.decode(Client.self, from: Data(text.utf8)) else { return nil }
    self = client
  }

  var text: String {
    String(
      decoding: JSONValue.object(["address": .string(address), "user_agent": .string(userAgent)]).bytes, as: UTF8.self)
  }
}

extension HTTPField.Name {
  /// What proxies add: the addresses a request came through, the nearest last.
  static var xForwardedFor: HTTPField.Name {
    guard let name = HTTPField.Name("X-Forwarded-For") else { preconditionFailure("X-Forwarded-For is no field name") }
    return name
  }

  /// The same and more, as RFC 7239 has it.
  static var forwarded: HTTPField.Name {
    guard let name = HTTPField.Name("Forwarded") else { preconditionFailure("Forwarded is no field name") }
    return name
  }
}
