public import EventLog
public import Foundation
public import Hummingbird
public import Logging
import NIOCore

/// The HTTP server: the front door of this target.
///
/// The way of a request, once the ``Edge`` has let it in:
/// 1. ``ProblemMiddleware`` gives it a request id, and turns whatever is thrown into a problem document;
/// 2. the route authenticates it (``KeyDirectory``);
/// 3. a tracked call becomes units, is gathered and appended, and answered when durable (``TrackRoute``);
/// 4. a question is answered from a read model, with the position that the answer is as of (``ReadModels``).
///
/// Handlers never write a read model; nothing is answered from anything but the log's projections and the append itself.
public struct RecountServer: Sendable {
  let log: Log
  let projections: URL
  let signing: SigningKeys?
  let archive: ArchiveReader?
  let clock: any WallClock
  let patience: Duration
  let people: PeopleSettings
  let limits: ServerLimits
  let isSecure: Bool
  let logger: Logger

  /// Over an open log, with the Projections folder whose queries it answers from.
  ///
  /// - Parameters:
  ///   - signing: what checkpoints and statements are signed with; when left out, keys that end with the process.
  ///   - archive: where months lie that have left the database.
  ///   - limits: what the HTTP edge allows.
  ///   - isSecure: whether people reach the server by https, through whatever is in front of it.
  ///   - patience: how long the answer to a change waits for the read models to show it.
  public init(
    log: Log, projections: URL, signing: SigningKeys? = nil, archive: ArchiveReader? = nil,
    clock: any WallClock = SystemClock(), people: PeopleSettings = PeopleSettings(),
    limits: ServerLimits = ServerLimits(),
    isSecure: Bool = false, patience: Duration = .seconds(2), logger: Logger
  ) {
    self.log = log
    self.patience = patience
    self.projections = projections
    self.signing = signing
    self.archive = archive
    self.clock = clock
    self.people = people
    self.limits = limits
    self.isSecure = isSecure
    self.logger = logger
  }

  /// Every route the server has; what /openapi.json describes.
  public func router() throws -> Router<RecountContext> {
    let router = Router(context: RecountContext.self, options: .autoGenerateHeadEndpoints)
    let routes = RouteTable()
    router.add(middleware: ProblemMiddleware(routes: routes))
    let queries = QueryCatalog(folder: projections)
    let keys = try KeyDirectory(pool: log.pool, queries: queries)
    let track = TrackRoute(keys: keys, shards: log.shards, gatherers: gatherers(), clock: clock)
    router.post("/api/v1/track", use: track.respond)
    let signing = try signing ?? SigningKeys(drawnFor: "localhost/recount")
    CheckpointRoutes(log: log, key: signing.verifier).add(to: router)
    let people = People(log: log, settings: people, clock: clock)
    let entrance = try Entrance(people: people, queries: queries)
    try addPeople(to: router, people: people, entrance: entrance, queries: queries)
    try addTenants(to: router, entrance: entrance, keys: keys, queries: queries, signing: signing)
    try SystemRoutes(pool: log.pool).add(to: router)
    routes.fill(from: router)
    return router
  }

  /// What people do about themselves.
  private func addPeople(
    to router: Router<RecountContext>, people: People, entrance: Entrance, queries: QueryCatalog
  ) throws {
    let rules = try PasswordRules()
    AuthRoutes(people: people, rules: rules, entrance: entrance).add(to: router)
    try MeRoutes(people: people, rules: rules, entrance: entrance, queries: queries).add(to: router)
  }

  /// What people do with accounts, projects and keys, and with their numbers.
  private func addTenants(
    to router: Router<RecountContext>, entrance: Entrance, keys: KeyDirectory, queries: QueryCatalog,
    signing: SigningKeys
  ) throws {
    let authenticator = entrance.authenticator
    let access = Access(log: log)
    let readers = Readers(keys: keys, authenticator: authenticator, access: access)
    try ReadRoutes(log: log, readers: readers, queries: queries, clock: clock).add(to: router)
    let tenancy = Tenancy(
      log: log, vault: entrance.vault, authenticator: authenticator, clients: entrance.clients, access: access,
      keys: keys, models: ReadModels(pool: log.pool), follower: DirectoryFollower(pool: log.pool, patience: patience),
      clock: clock)
    try AccountRoutes(tenancy, queries: queries).add(to: router)
    try MemberRoutes(tenancy, queries: queries).add(to: router)
    try InvitationRoutes(tenancy, secrets: entrance.secrets, queries: queries).add(to: router)
    try ProjectRoutes(tenancy, queries: queries).add(to: router)
    try KeyRoutes(tenancy, queries: queries).add(to: router)
    try VoidRoutes(tenancy, queries: queries).add(to: router)
    try UsageRoutes(log: log, readers: readers, queries: queries, clock: clock).add(to: router)
    ExportRoutes(
      log: log, authenticator: authenticator, access: access, clients: entrance.clients,
      statements: try Statements(log: log, keys: signing, queries: queries), archive: archive, clock: clock
    ).add(to: router)
    try SecurityLogRoutes(log: log, authenticator: authenticator, access: access, queries: queries).add(to: router)
  }

  /// The server as a service, listening when it runs. `onRunning` hears the port, which matters for port 0.
  public func application(
    host: String, port: Int, onRunning: @escaping @Sendable (Int) async -> Void = { _ in }
  ) throws -> some ApplicationProtocol {
    let edge = Edge(limits, isSecure: isSecure, proxies: people.trustedProxies, logger: logger)
    return Application(
      router: try router(), server: edge.server,
      configuration: .init(address: .hostname(host, port: port), serverName: "recount"),
      onServerRunning: { listening in
        await edge.watch(listening)
        await onRunning(listening.localAddress?.port ?? port)
      },
      logger: logger)
  }

  private func gatherers() -> [Gatherer] {
    log.shards.all.map { Gatherer(for: log, shard: $0, logger: logger) }
  }
}
