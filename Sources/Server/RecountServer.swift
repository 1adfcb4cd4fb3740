package import Application
package import Domain
package import EventLog
package import Foundation
package import Hummingbird
package import Logging
import NIOCore

/// The HTTP server: the front door of this target.
///
/// The way of a request, once the ``Edge`` has let it in:
/// 1. it is counted and timed by its route's template, and a span begun (``AllButTracked``); ``ProblemMiddleware`` gives it a request id, and turns whatever is thrown into a problem document;
/// 2. the route authenticates it (``KeyDirectory``), and a tracked call may come too fast (``CallThrottle``);
/// 3. a tracked call becomes units, is gathered and appended, and answered when durable (``TrackRoute``);
/// 4. a question is answered from a read model, with the position that the answer is as of (``Questions``);
/// 5. what people see is a page of these (``Pages``).
///
/// Handlers never write a read model; nothing is answered from anything but the log's projections and the append itself.
package struct RecountServer: Sendable {
  let log: Log
  let projections: URL
  let signing: SigningKeys?
  let archive: ArchiveReader?
  let clock: any WallClock
  let patience: Duration
  let people: PeopleSettings
  let limits: ServerLimits
  let isSecure: Bool
  let throttle: ThrottleSettings
  let address: String
  let plots: URL?
  let paymentOrigins: [String]?
  let billing: BillingDesk?
  let slack: SlackDelivery
  let support: EmailAddress?
  let logger: Logger

  /// Over an open log, with the Projections folder whose queries it answers from.
  ///
  /// - Parameters:
  ///   - signing: what checkpoints and statements are signed with; when left out, keys that end with the process.
  ///   - archive: where months lie that have left the database.
  ///   - limits: what the HTTP edge allows.
  ///   - isSecure: whether people reach the server by https, through whatever is in front of it.
  ///   - address: where the server is reached, as it stands in commands that answers tell.
  ///   - plots: the folder that uPlot was fetched into, if it was.
  ///   - billing: what is sold; nil where nothing is.
  ///   - paymentOrigins: where forms of pages lead on to be paid; nil: to Stripe's own pages.
  ///   - support: where accounts with priority support ask for help; nil: it is offered to nobody.
  ///   - patience: how long the answer to a change waits for the read models to show it.
  package init(
    log: Log, projections: URL, signing: SigningKeys? = nil, archive: ArchiveReader? = nil,
    clock: any WallClock = SystemClock(), people: PeopleSettings = PeopleSettings(),
    limits: ServerLimits = ServerLimits(), throttle: ThrottleSettings = ThrottleSettings(),
    isSecure: Bool = false, address: String = "http://127.0.0.1:8080", plots: URL? = nil,
    paymentOrigins: [String]? = nil, slack: SlackDelivery = SlackDelivery(trusting: .none),
    support: EmailAddress? = nil,
    patience: Duration = .seconds(2), billing: BillingDesk? = nil, logger: Logger
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
    self.throttle = throttle
    self.address = address
    self.plots = plots
    self.paymentOrigins = paymentOrigins
    self.billing = billing
    self.slack = slack
    self.support = support
    self.logger = logger
  }

  /// Every route the server has; what /openapi.json describes.
  package func router() throws -> Router<RecountContext> { try operations().router }

  /// Every operation, with what does it.
  func operations() throws -> Operations {
    let router = Router(context: RecountContext.self, options: .autoGenerateHeadEndpoints)
    let routes = RouteTable()
    // Outermost, where what was thrown has become an answer. Without a backend, which a program's main sets up, neither does anything.
    router.add(middleware: AllButTracked(TracingMiddleware()))
    router.add(middleware: AllButTracked(MetricsMiddleware()))
    let pages = try PageWriter(
      templates: Templates.ofProgram.get(), assets: Assets.ofProgram.get().withPlots(of: plots),
      policy: PagePolicy(paymentOrigins: billing == nil ? [] : paymentOrigins ?? PagePolicy.stripeOrigins),
      support: support.map { SupportDesk(address: $0) })
    router.add(middleware: ProblemMiddleware(routes: routes, pages: pages))
    var operations = Operations(router: router)
    let queries = QueryCatalog(folder: projections)
    let questions = try Questions(log: log, queries: queries, archive: archive)
    let entranceLog = log.over(log.pools.entrance)
    let keys = KeyDirectory(log: entranceLog, questions: questions.over(entranceLog))
    let links = LinkDirectory(log: entranceLog, questions: questions.over(entranceLog))
    TrackRoute(
      keys: keys, throttle: callThrottle(), shards: log.shards, gatherers: gatherers(), tallies: log.tallies,
      clock: clock
    ).add(to: &operations)
    let signing = try signing ?? SigningKeys(drawnFor: "localhost/recount")
    CheckpointRoutes(log: log, key: signing.verifier).add(to: &operations)
    var people = try People(log: entranceLog, queries: queries, settings: people, clock: clock)
    people.billing = billing
    let entrance = Entrance(people: people)
    let rules = try PasswordRules()
    AuthRoutes(people: people, rules: rules, entrance: entrance).add(to: &operations)
    MeRoutes(people: people, rules: rules, entrance: entrance, questions: questions.over(entranceLog)).add(
      to: &operations)
    NoticeRoutes(people: people, entrance: entrance).add(to: &operations)
    let expensive = ExpensiveReads(log: log)
    let statements = Statements(log: expensive.log, keys: signing, questions: questions.over(expensive.log))
    let (tenancy, numbers) = addTenants(
      to: &operations, entrance: entrance, keys: keys, links: links, questions: questions, expensive: expensive,
      statements: statements)
    SystemRoutes(questions: questions.over(entranceLog)).add(to: &operations)
    let site = Site(
      people: people, rules: rules, entrance: entrance, tenancy: tenancy, invitations: invitations(tenancy, entrance),
      writer: pages, assets: pages.assets,
      doorkeeper: Doorkeeper(people: people, entrance: entrance, isSecure: isSecure),
      key: signing.verifier, numbers: numbers, address: address, expensive: expensive, statements: statements,
      export: export(tenancy, expensive), billing: billingAccess(tenancy), slack: slackChannels(tenancy),
      operations: operations.all)
    Pages(site: site).add(to: router, knowing: routes)
    if let billing { StripeDoor(billing.door).add(to: router) }
    routes.fill(from: router)
    return operations
  }

  /// What people do with accounts, projects and keys, and with their numbers, which pages ask for in the same turns.
  private func addTenants(
    to operations: inout Operations, entrance: Entrance, keys: KeyDirectory, links: LinkDirectory,
    questions: Questions, expensive: ExpensiveReads, statements: Statements
  ) -> (Tenancy, ProjectNumbers) {
    let access = Access(log: log, questions: questions)
    let readers = Readers(keys: keys, authenticator: entrance.authenticator, access: access)
    let changes = ChangeLimit(log: log, clock: clock)
    let tenancy = Tenancy(
      log: log, vault: entrance.vault, authenticator: entrance.authenticator, clients: entrance.clients, access: access,
      keys: keys, links: links, questions: questions,
      follower: DirectoryFollower(log: log, questions: questions, patience: patience),
      changes: changes, clock: clock)
    AccountRoutes(tenancy: tenancy).add(to: &operations)
    AccountSummaryRoutes(tenancy: tenancy).add(to: &operations)
    BillingRoutes(tenancy: tenancy, billing: billingAccess(tenancy), address: address).add(to: &operations)
    MemberRoutes(tenancy: tenancy).add(to: &operations)
    SlackRoutes(tenancy: tenancy, channels: slackChannels(tenancy)).add(to: &operations)
    InvitationRoutes(tenancy: tenancy, commands: invitations(tenancy, entrance)).add(to: &operations)
    ProjectRoutes(tenancy: tenancy).add(to: &operations)
    KeyRoutes(tenancy: tenancy).add(to: &operations)
    LinkRoutes(tenancy: tenancy, address: address).add(to: &operations)
    VoidRoutes(tenancy: tenancy, expensive: expensive).add(to: &operations)
    ViewRoutes(tenancy: tenancy).add(to: &operations)
    AnnotationRoutes(tenancy: tenancy).add(to: &operations)
    MarkRoutes(tenancy: tenancy).add(to: &operations)
    ExportRoutes(tenancy: tenancy, file: export(tenancy, expensive), statements: statements, expensive: expensive).add(
      to: &operations)
    SecurityLogRoutes(entrance: entrance, access: access, questions: questions).add(to: &operations)
    let spans = SpanReader(readers: readers, clock: clock)
    let numbers = ProjectNumbers(
      read: ReadRoutes(questions: questions, spans: spans, expensive: expensive),
      breakdown: BreakdownRoutes(traffic: TrafficReads(questions: questions, expensive: expensive), spans: spans),
      latency: LatencyRoutes(questions: questions, spans: spans),
      explain: ExplainRoutes(
        questions: questions, readers: readers, expensive: expensive, clock: clock, address: address))
    numbers.read.add(to: &operations)
    numbers.breakdown.add(to: &operations)
    numbers.latency.add(to: &operations)
    ReleaseRoutes(questions: questions, spans: spans).add(to: &operations)
    UsageRoutes(questions: questions, readers: readers, clock: clock).add(to: &operations)
    SendersRoute(questions: questions, readers: readers, clock: clock).add(to: &operations)
    numbers.explain.add(to: &operations)
    return (tenancy, numbers)
  }

  private func billingAccess(_ tenancy: Tenancy) -> BillingAccess { BillingAccess(tenancy: tenancy, desk: billing) }

  private func export(_ tenancy: Tenancy, _ expensive: ExpensiveReads) -> ExportFile {
    ExportFile(
      exports: AccountExports(log: log, changes: tenancy.changes, archive: archive), expensive: expensive)
  }

  private func slackChannels(_ tenancy: Tenancy) -> SlackChannels {
    SlackChannels(
      log: log, vault: tenancy.vault, changes: tenancy.changes, delivery: slack, clock: clock, base: address)
  }

  private func invitations(_ tenancy: Tenancy, _ entrance: Entrance) -> Invitations {
    Invitations(
      log: log, vault: entrance.vault, secrets: entrance.secrets, throttle: entrance.throttle,
      changes: tenancy.changes, clock: clock)
  }

  /// The server as a service, listening when it runs. `onRunning` hears the port, which matters for port 0.
  package func application(
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

  private func callThrottle() -> CallThrottle? {
    guard throttle.isOn else { return nil }
    return CallThrottle(
      shared: throttle.shared, servers: throttle.servers,
      onThrottled: { [tallies = log.tallies, clock] in tallies.noteThrottled($0, at: clock.now) })
  }

  private func gatherers() -> [Gatherer] {
    log.shards.all.map { Gatherer(for: log, shard: $0, logger: logger) }
  }
}
