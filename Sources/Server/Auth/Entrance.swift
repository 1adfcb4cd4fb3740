import EventLog

/// What every route of a person passes: who it is, and where from. One for all routes, so that a session that ends in one is refused by
/// all at once.
struct Entrance: Sendable {
  let vault: Vault
  let secrets: Secrets
  let authenticator: Authenticator
  let clients: Clients

  init(people: People, queries: QueryCatalog) throws {
    vault = people.vault
    secrets = people.secrets
    authenticator = try Authenticator(log: people.log, secrets: secrets, queries: queries, clock: people.clock)
    clients = Clients(vault: vault, proxies: people.settings.trustedProxies)
  }
}
