import Application
import EventLog

/// What every route of a person passes: who it is, and where from. One for all routes, so that a session that ends in one is refused by
/// all at once.
struct Entrance: Sendable {
  let vault: Vault
  let secrets: Secrets
  let authenticator: Authenticator
  let clients: Clients
  let throttle: Throttle

  init(people: People) {
    vault = people.vault
    secrets = people.secrets
    authenticator = Authenticator(log: people.log, secrets: secrets, clock: people.clock)
    throttle = people.throttle
    clients = Clients(vault: vault, proxies: people.settings.trustedProxies)
  }

  /// The person who makes a call, and the session that they make it in.
  func person(_ call: Call) async throws -> Principal { try await authenticator.principal(of: call.request) }

  /// Where a call comes from.
  func client(_ call: Call) -> Client { clients.client(of: call.request, context: call.context) }
}
