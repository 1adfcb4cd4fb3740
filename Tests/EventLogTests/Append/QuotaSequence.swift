import Domain
import EventLog
import Foundation
import Postgres
import TestDatabase
import Testing

/// One account's random life, fed to the log and to `AccountMeters` alike.
struct QuotaSequence {
  private let test: TestLog
  private let source: TelemetrySource
  private var random: Seeded
  private var meters = AccountMeters()
  private var crossings: [Crossing] = []
  /// The end of the month before, and a time of this one.
  private let times: [Instant]
  private let thisMonth: String
  private var account = Account()

  private struct Crossing: Equatable {
    var month: String
    var type: String
    var percent: Int
    var used: Int
    var limit: Int
  }

  init(_ test: TestLog, seed: Int) async throws {
    self.test = test
    random = Seeded(seed)
    let now = Instant.now
    let month = CalendarMonth(of: now)
    times = [month.start - .milliseconds(1), now]
    thisMonth = month.description
    source = try await test.account(tier: .free)
    try await change(.open(id: source.accountID, tier: .free, owner: UUID()))
    try await test.log.handle(
      .create(id: source.projectID, accountID: source.accountID, name: "p"), by: Project.self,
      on: test.projectStream(source))
  }

  /// Mostly tracks; now and then the quota changes, or all so far is voided.
  mutating func step() async throws {
    switch Int.random(in: 0..<12, using: &random) {
    case 0: try await changeQuota()
    case 1: try await void()
    default: try await track()
    }
  }

  private mutating func track() async throws {
    let time = times.randomElement(using: &random) ?? times[0]
    let mode = KeyMode.allCases.randomElement(using: &random) ?? .live
    let key = AccountMeters.Key(month: "\(CalendarMonth(of: time))", mode: mode)
    let counts = (0..<Int.random(in: 1...4, using: &random)).map { _ in
      Bool.random(using: &random) ? 1 : Int.random(in: 2...150, using: &random)
    }
    let outcomes = try await test.log.append(
      counts.map { AppendUnit(.sample(source.with(mode), count: $0, at: time)) }, shard: test.shard(of: source))
    // Single events share a unit, which is decided last.
    let order = counts.indices.filter { counts[$0] > 1 } + counts.indices.filter { counts[$0] == 1 }
    let taken = order.map { (index: $0, decision: meters.take(counts[$0], of: key)) }
    let decisions = taken.sorted { $0.index < $1.index }.map(\.decision)
    let meter = try #require(meters.meters[key])
    #expect(outcomes.map(\.accepted) == decisions.map(\.accepted))
    #expect(outcomes.map(\.refused) == decisions.map(\.refused))
    #expect(outcomes.compactMap(\.meter?.used).max() == meter.used)
    #expect(outcomes.allSatisfy { $0.meter?.quota == meter.quota })
    // What one append crosses is recorded at its end.
    note(decisions.reduce(into: []) { $0.formUnion($1.crossings) }, key)
  }

  private mutating func changeQuota() async throws {
    let now = times[1]
    let tier = [Tier.free, .free, .pro].randomElement(using: &random) ?? .free
    let cause = TierChanged.Cause.allCases.randomElement(using: &random) ?? .operator
    let quota = [nil, 500, 1_200].randomElement(using: &random) ?? nil
    let end =
      [nil, now + .milliseconds(1), CalendarMonth(of: now).next.start].randomElement(using: &random) ?? nil
    let grant = AccountGrant(monthlyQuota: quota, until: quota == nil ? nil : end)
    try await change(
      Bool.random(using: &random)
        ? .changeTier(tier, because: cause, at: now) : .grant(grant, because: "a trial", at: now))
  }

  private mutating func change(_ command: Account.Command) async throws {
    let stream = StreamID(
      name: "quota-\(source.accountID)", shard: test.shard(of: source), accountID: source.accountID)
    for event in try await test.log.handle(command, by: Account.self, on: stream).events { account.evolve(event) }
    for (key, crossed) in meters.setQuota(account.quota, in: thisMonth).sorted(by: { $0.key.month < $1.key.month }) {
      note(crossed, key)
    }
  }

  private mutating func note(_ crossed: Set<QuotaCrossing>, _ key: AccountMeters.Key) {
    guard let meter = meters.meters[key] else { return }
    crossings += QuotaCrossing.allCases.filter(crossed.contains).map {
      Crossing(month: key.month, type: $0.rawValue, percent: $0.percent, used: meter.used, limit: meter.quota)
    }
  }

  private mutating func void() async throws {
    let mode = KeyMode.allCases.randomElement(using: &random) ?? .live
    let span = Voiding.Span(mode: mode, from: times[0], to: times[1] + .milliseconds(1))
    do {
      let void = try await Voiding(log: test.log)(
        UUID(), span, reason: "load test", givesBackQuota: Bool.random(using: &random),
        on: test.projectStream(source)
      ).void
      for count in void.counts {
        meters.void(
          count.events, of: .init(month: count.month, mode: mode), givesBackQuota: void.givesBackQuota)
      }
    } catch Project.Failure.nothingToVoid {
      // Nothing has been tracked since the last one.
    }
  }

  /// The meters' rows and the crossings in the log are those of the values.
  func expectTheSameOfTheLog(_ location: SourceLocation = #_sourceLocation) async throws {
    try await test.log.writeTallies()
    let rows = try await test.owner.query("SELECT * FROM log.meters")
    #expect(rows.count == meters.meters.count, sourceLocation: location)
    for row in rows {
      let mode = try #require(KeyMode(rawValue: try row.decode("mode")))
      let meter = meters.meters[.init(month: try row.decode("month"), mode: mode)]
      #expect(try row.decode("used") == meter?.used, sourceLocation: location)
      #expect(try row.decode("quota") == meter?.quota, sourceLocation: location)
      #expect(try row.decode("refused") == meter?.refused, sourceLocation: location)
      #expect(try row.quotas("threshold_quotas") == meter?.recorded[.thresholdReached] ?? [], sourceLocation: location)
      #expect(try row.quotas("exceeded_quotas") == meter?.recorded[.exceeded] ?? [], sourceLocation: location)
    }
    let recorded = try await test.owner.query(
      """
      SELECT month, type, (data ->> 'percent')::int8 AS percent, (data ->> 'used')::int8 AS used, (data ->> 'limit')::int8 AS "limit"
      FROM log.events WHERE type LIKE 'quota%' ORDER BY position
      """
    ).map {
      Crossing(
        month: try $0.decode("month"), type: try $0.decode("type"), percent: try $0.decode("percent"),
        used: try $0.decode("used"), limit: try $0.decode("limit"))
    }
    #expect(recorded == crossings, sourceLocation: location)
  }
}

extension Row {
  fileprivate func quotas(_ column: String) throws -> Set<Int> {
    Set(try decode(column, as: [Int64].self).map(Int.init))
  }
}
