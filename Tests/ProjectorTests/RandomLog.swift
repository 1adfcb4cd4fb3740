import Domain
import EventLog
import Foundation
import TestDatabase
import Testing

/// Appends of several accounts, projects and keys: live and test, over the months of the acceptance window, with duplicates, refusals
/// by quota, conflicts, invalid events, senders, changes of tier, keys issued and revoked, what people do to accounts and projects, and what is said of their money.
struct RandomLog {
  let test: TestLog
  var random: Seeded
  var sources: [TelemetrySource] = []
  private var sent: [(source: TelemetrySource, unit: AppendUnit)] = []
  private var people: RandomPeople
  private var senders = RandomSenders()
  private var billing: RandomBilling

  init(_ test: TestLog, seed: Int) async throws {
    self.test = test
    random = Seeded(seed)
    people = RandomPeople(test, seed: seed)
    billing = RandomBilling(test, seed: seed)
    for tier in [Tier.free, .free, .pro] {
      let account = try await test.account(tier: tier)
      for mode in [KeyMode.live, .live, .test] {
        let source = TelemetrySource(accountID: account.accountID, projectID: UUID(), keyID: UUID(), mode: mode)
        sources.append(source)
        try await open(source)
      }
    }
  }

  /// Appends some batches.
  mutating func append(_ batches: Int) async throws {
    for _ in 0..<batches {
      try await people.append(Int.random(in: 0...3, using: &random))
      let source = try #require(sources.randomElement(using: &random))
      var units = [unit(of: source)]
      if Int.random(in: 0..<3, using: &random) == 0 { units.append(unit(of: source)) }
      if let again = sent.filter({ $0.source.accountID == source.accountID }).randomElement(using: &random) {
        units.append(again.unit)
      }
      if Bool.random(using: &random) {
        let call = senders.call(of: source, using: &random)
        // One id once in an append, as the gatherer has it.
        if !units.contains(where: { $0.identity == call.identity }) { units.append(call) }
      }
      _ = try await test.log.append(units, shard: test.shard(of: source))
      sent += (units.prefix(2) + units.suffix(1)).map { (source, $0) }
      try await billing.append(source.accountID)
      if Int.random(in: 0..<15, using: &random) == 0 { try await changeTier(source) }
      if Int.random(in: 0..<25, using: &random) == 0 { try await revoke(source) }
      if Int.random(in: 0..<3, using: &random) == 0 { try await administer(source) }
      if Int.random(in: 0..<8, using: &random) == 0 { try await void(source) }
      if Int.random(in: 0..<20, using: &random) == 0 { try await retain(source) }
      if Int.random(in: 0..<5, using: &random) == 0 { try await read(source) }
    }
  }

  private mutating func unit(of source: TelemetrySource) -> AppendUnit {
    let now = Instant.now
    let base = now - .milliseconds(Int.random(in: 0..<34 * 86_400_000, using: &random))
    let month = CalendarMonth(of: base)
    var unit = TelemetryUnit(source: source, month: month.description)
    let digest = Int64.random(in: 0...1, using: &random)
    unit.identity =
      [nil, .batch(UUID(), digest: digest), .batch(UUID(), digest: digest)].randomElement(using: &random) ?? nil
    unit.malformed = Int.random(in: 0...2, using: &random)
    (unit.strayed, unit.conflicting) = (unit.malformed / 2, unit.malformed % 2)
    unit.count = Int.random(in: 1...60, using: &random)
    for index in 0..<unit.count {
      if index > 0 { unit.data.append(UInt8(ascii: ",")) }
      // Around the minute, but within the unit's month.
      let time = min(
        max(base + .milliseconds(Int.random(in: -90_000...90_000, using: &random)), month.start),
        month.next.start - .milliseconds(1))
      request(at: time).encode(into: &unit.data)
    }
    return AppendUnit(unit)
  }

  private mutating func request(at time: Instant) -> TrackedRequest {
    let paths = ["/", "/v2/1/servers", "/v2/2/servers?limit=1", "/v2/2/servers?limit=2", "/users/7f0c/é", "/slow"]
    let methods = [TrackedMethod.get, .get, .post, TrackedMethod(rawValue: "PROPFIND")].compactMap { $0 }
    var (method, path) = (methods.randomElement(using: &random) ?? .get, paths.randomElement(using: &random) ?? "/")
    if Int.random(in: 0..<10, using: &random) == 0 {
      (method, path) = Bool.random(using: &random) ? (.options, "*") : (.connect, "10.11.10.1:443")
    }
    let status = [200, 200, 200, 201, 302, 404, 429, 500, 599, 100].randomElement(using: &random) ?? 200
    let nanoseconds: Int64?? =
      [nil, 0, 1, 9_999, 10_000, Int64.random(in: 0...5_000_000_000, using: &random), 3_600_000_000_000]
      .randomElement(using: &random)
    return TrackedRequest(
      endpoint: path, method: method, statusCode: status, responseTimeNanoseconds: nanoseconds ?? nil, timestamp: time,
      consumer: ["acme", "é", nil].randomElement(using: &random) ?? nil,
      responseBytes: [0, 1_893, nil].randomElement(using: &random) ?? nil,
      error: status >= 500 ? "TimeoutError" : nil)
  }

  private func open(_ source: TelemetrySource) async throws {
    let shard = test.shard(of: source)
    try await test.log.handle(
      .create(id: source.projectID, accountID: source.accountID, name: "p"), by: Project.self,
      on: stream(of: source, shard))
    let request = Project.KeyRequest(
      id: source.keyID, name: "k", mode: source.mode, scopes: [.track], hint: "sk_…",
      hash: source.keyID.uuidString.lowercased().filter { $0 != "-" } + String(repeating: "0", count: 32))
    try await test.log.handle(.issueKey(request, at: 0), by: Project.self, on: stream(of: source, shard))
  }

  /// A key reads, by a clock that is behind the log's or ahead of it.
  private mutating func read(_ source: TelemetrySource) async throws {
    let now = Instant.now
    test.log.keyUses.note(source, at: now + .hours(Int64.random(in: -3...1, using: &random)))
    try await test.log.writeKeyUses()
  }

  private func revoke(_ source: TelemetrySource) async throws {
    try await test.log.handle(
      .revokeKey(source.keyID), by: Project.self, on: stream(of: source, test.shard(of: source)))
  }

  /// Up and down, in the middle of any month, where the account may.
  private mutating func changeTier(_ source: TelemetrySource) async throws {
    let tier = Tier.allCases.randomElement(using: &random) ?? .free
    let stream = StreamID(
      name: "account-\(source.accountID)", shard: test.shard(of: source), accountID: source.accountID)
    let cause = TierChanged.Cause.allCases.randomElement(using: &random) ?? .operator
    do {
      try await test.log.handle(
        .changeTier(tier, because: cause, at: Self.time(using: &random)), by: Account.self, on: stream)
    } catch is Account.Failure {}
  }

  /// In any of the months that the log's events lie in.
  static func time(using random: inout Seeded) -> Instant {
    .now - .days(Int64.random(in: 0...70, using: &random))
  }

  func stream(of source: TelemetrySource, _ shard: Int) -> StreamID {
    StreamID(
      name: "project-\(source.projectID)", shard: shard, accountID: source.accountID, projectID: source.projectID)
  }
}
