import Crypto
package import EventLog
import Foundation
import Postgres

/// What can be asked of the read models: the front door of this folder. Every answer is a plain value; nobody else knows a row.
///
/// A question is a file of Projections/ and its decoder (``Question``), all of them in ``QuestionList``; ``check()`` holds them
/// against the database at start. What an answer is as of comes with it (``Answered``), and where detail is forgotten, since when it is kept.
/// What is listed comes in pages (``Page``), whose `next` is what the next page is asked with.
///
/// | of | asked with | answer |
/// |---|---|---|
/// | an account | ``account(_:)`` | ``AccountDetail`` |
/// | | ``members(of:after:limit:)`` | page of ``ListedMember``, opened |
/// | | ``invitations(of:at:after:limit:)`` | page of ``ListedInvitation``, opened |
/// | | ``projects(of:archived:after:limit:)`` | page of ``ListedProject`` |
/// | | ``usage(of:in:)`` | ``AccountUsage``: live and test ``MonthUsage`` |
/// | | ``usage(of:months:)`` | ``AccountUsage``, several |
/// | | ``usageOfProjects(of:in:)`` | ``UsageOfOneProject`` |
/// | | ``intake(ofAccount:mode:range:)`` | ``IntakeCounts`` |
/// | | ``projectUses(of:)``, ``keysEnding(of:within:limit:)`` | ``ProjectUse``, ``EndingKey`` |
/// | | ``accountTraffic(of:mode:range:)`` | ``AccountTraffic``: all projects, and each |
/// | | ``securityLog(ofAccount:kind:after:limit:)`` | page of ``SecurityEntry``, opened |
/// | | ``Statements/make(of:month:now:)`` | ``AccountStatement``, with its proof |
/// | | ``billing(of:in:)`` | ``BillingState``: subscriptions, what is owed, what the tier follows from |
/// | | ``explainTier(of:at:)`` | ``ExplainedTier``: the same down to Stripe's facts |
/// | | ``invoices(of:in:after:limit:)``, ``billingCustomers(of:)`` | page of ``ListedInvoice``, ``ListedCustomer`` |
/// | a project | ``project(_:of:)`` | ``ListedProject`` |
/// | | ``keys(of:in:after:limit:)``, ``key(_:of:in:)`` | ``ListedKey``, whose ``ListedKey/status(at:)`` goes by the clock |
/// | | ``links(of:in:after:limit:)`` | page of ``ListedLink`` |
/// | | ``usage(ofProject:in:key:month:)`` | ``ProjectUsage``: totals, keys, days |
/// | | ``intakeByHour(ofProject:in:mode:range:)``, ``intakeByDay(ofProject:in:mode:range:)`` | ``HourIntake``, ``DayIntake`` |
/// | | ``voids(ofProject:in:before:limit:)`` | page of ``ListedVoid`` |
/// | | ``views(of:in:)``, ``annotations(of:in:range:after:limit:)`` | ``ListedView``, page of ``ListedAnnotation`` |
/// | | ``marks(_:)`` | ``Marks``: what happened in a span |
/// | | ``senders(ofProject:in:mode:withGaps:after:limit:)`` | page of ``ListedSender``, each with its gaps |
/// | | ``trafficSummary(_:_:)``, ``trafficChart(_:by:in:_:)`` | ``TrafficSummary``, ``TrafficChart`` |
/// | | ``endpoints(_:_:after:limit:)``, ``paths(_:_:after:limit:)`` | page of ``EndpointTraffic``, of ``PathTraffic`` |
/// | | ``traffic(by:_:_:after:limit:)`` | page of ``NamedTraffic`` |
/// | | ``trafficLatency(_:by:in:)`` | ``TrafficLatency``: histograms |
/// | | ``endpoints(ofRelease:project:of:mode:window:after:limit:)`` | ``ReleaseEndpoints``: page of ``ReleaseEndpoint``, before and after |
/// | | ``requests(_:_:after:limit:budget:)`` | ``RequestPage`` of ``FoundRequest`` |
/// | | ``event(at:ofProject:in:modes:)`` | ``ExplainedEvent``, with its batch and proof |
/// | | ``explainUsage(of:project:mode:month:shownAt:after:limit:budget:)`` | ``ExplainedUsage``, of an account too |
/// | | ``explainTraffic(_:knownAt:budget:)`` | ``TrafficExplanation`` |
/// | a person | ``accounts(of:after:limit:)`` | page of ``Membership`` |
/// | | ``sessions(of:at:)`` | ``ListedSession``, opened |
/// | | ``securityLog(ofUser:kind:after:limit:)`` | page of ``SecurityEntry``, opened |
/// | the installation | ``demo()`` | ``ListedProject`` of its demo |
/// | | ``billingAttention(after:limit:)`` | page of ``ListedAttention``: what its operator has to look at |
/// | the database | ``ping()``, ``check()`` | |
///
/// Who may ask is decided before: ``Access`` for people, ``Readers`` for whoever reads numbers, ``ProjectHome`` for whose a project is.
/// Whoever changed something waits for ``DirectoryFollower``. What a read model has not come to yet, because it is young, is answered by
/// its stream, or as nothing so far; only a read model that nobody has built is an error (``ReadModelMissing``).
package struct Questions: Sendable {
  let log: Log
  /// For what single requests are read of that have left the database.
  let archive: ArchiveReader?
  private let texts: [ObjectIdentifier: String]
  /// Another one where any question is another, though the program is the same: of what answers are known by.
  let identity: [UInt8]
  let memory: AnswerMemory
  let requestMemory: RequestMemory
  let places: ReadModelPlaces

  /// Answers take milliseconds: what takes a thousand times as long is not waited for by anybody.
  private static let deadline = Duration.seconds(10)
  /// A month by the hour is 1 MB.
  private static let remembered = 64 << 20
  /// A page of 50 out of batches that hold requests of a month each is 25 kB; out of batches of one minute, 200 kB.
  private static let rememberedRequests = 16 << 20

  /// Over an open log, with the files of the read models' queries. Throws when one of them is missing. Without an archive, single requests
  /// of archived months can't be shown.
  package init(log: Log, queries: QueryCatalog, archive: ArchiveReader? = nil) throws {
    self.log = log
    self.archive = archive
    memory = AnswerMemory(capacity: Self.remembered)
    requestMemory = RequestMemory(capacity: Self.rememberedRequests)
    texts = try Dictionary(
      QuestionList.all.map { (ObjectIdentifier($0), try queries.text($0.file)) },
      uniquingKeysWith: { first, _ in first })
    identity = Self.digest(texts.values)
    places = ReadModelPlaces(queries.definitions(of: Set(QuestionList.all.map { $0.file.projection })))
  }

  private init(_ other: Questions, over log: Log) {
    self.log = log
    (archive, texts, identity) = (other.archive, other.texts, other.identity)
    (memory, requestMemory, places) = (other.memory, other.requestMemory, other.places)
  }

  private static func digest(_ texts: some Sequence<String>) -> [UInt8] {
    var digest = SHA256()
    for text in texts.sorted() { digest.update(data: Array("\(text.utf8.count) \(text)".utf8)) }
    return Array(digest.finalize())
  }

  /// The same questions, asked over another log's connections.
  package func over(_ log: Log) -> Questions { Questions(self, over: log) }

  /// The shard of an account, or of a person.
  func shard(of id: UUID) -> Int { log.shards.shard(of: id) }

  /// Whether the database answers at all, within seconds. Throws `PostgresError`.
  package func ping() async throws { try await log.pool.query("SELECT 1", deadline: .seconds(2)) }
}

extension Questions {
  /// Answers on whatever the read model is at, without saying what that is.
  func ask<Q: Question>(_ question: Q) async throws -> [Q.Answer] {
    try await whereItIs {
      try await log.pool.query(try query(question), deadline: Self.deadline).map { try Q.answer(AnswerRow($0)) }
    }
  }

  /// Asks once more where a read model turns out to be somewhere else: a release is taking the place of another.
  func whereItIs<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
    await places.lookIfUnsettled(log.pool)
    let before = places.elsewhere
    do { return try await body() } catch {
      guard await places.haveMoved(from: before, after: error, log.pool) else { throw error }
      return try await body()
    }
  }

  nonisolated(nonsending) func ask<Q: Question>(_ question: Q, on connection: Connection) async throws -> [Q.Answer] {
    try await connection.query(query(question), deadline: Self.deadline).map { try Q.answer(AnswerRow($0)) }
  }

  /// Answers all that `body` asks as of one position of a shard. Throws ``ReadModelMissing``.
  func snapshot<Value: Sendable>(
    of projection: String, shard: Int, _ body: nonisolated(nonsending) @Sendable (Snapshot) async throws -> Value
  ) async throws -> Answered<Value> {
    try await whereItIs {
      try await log.pool.transaction(.repeatableRead, readOnly: true) { connection in
        let snapshot = try await Snapshot.open(of: projection, shard: shard, self, on: connection)
        return Answered(try await body(snapshot), snapshot.asOf)
      }
    }
  }

  /// Answers one question as of a position of a shard.
  func answer<Q: Question>(_ question: Q, shard: Int) async throws -> Answered<[Q.Answer]> {
    try await snapshot(of: Q.file.projection, shard: shard) { try await $0.ask(question) }
  }

  func text(of kind: any Question.Type) throws -> String {
    guard let text = texts[ObjectIdentifier(kind)] else {
      throw QuestionFault(file: kind.file, reason: "\(kind) is not in QuestionList")
    }
    return places.placed(text)
  }

  private func query<Q: Question>(_ question: Q) throws -> Query {
    Query(try text(of: Q.self), question.parameters)
  }
}
