package import Application
import Domain
package import EventLog
package import Foundation
import HTTPTypes
package import Hummingbird

/// Where a request comes from: network address and user agent, for sessions, throttles and the security audit log.
package struct Clients: Sendable {
  let vault: Vault
  let proxies: TrustedProxies

  /// Seals with a vault; believes what these proxies say of the address.
  package init(vault: Vault, proxies: TrustedProxies = .none) {
    self.vault = vault
    self.proxies = proxies
  }

  /// What an event says of where it came from, sealed for the person who did it. Throws `VaultError.erased` for one who is not any
  /// more.
  package func origin(of request: Request, context: RecountContext, for userID: UUID) async throws -> Origin {
    let client = client(of: request, context: context)
    return Origin(actorID: userID, sealedClient: try await vault.seal(client.text, for: userID))
  }

  func client(of request: Request, context: RecountContext) -> Client {
    Client(address: address(of: request, context: context), userAgent: request.headers[.userAgent])
  }

  /// The network address that a request comes from: that of the socket's other end, or what a trusted proxy there says.
  package func address(of request: Request, context: RecountContext) -> String {
    guard let peer = context.peerAddress else { return Client.unknown }
    return proxies.client(
      behind: peer, listed: request.headers[values: .xForwardedFor], forwarded: request.headers[values: .forwarded])
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
