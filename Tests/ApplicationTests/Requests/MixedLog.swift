import Domain
import EventLog
import Foundation
import TestDatabase

/// Batches in which requests of several accounts, projects, modes and keys of one shard stand side by side: in time and late, with ids of
/// their own and without, some voided, some no longer kept.
struct MixedLog {
  let test: TestLog
  let sources: [TelemetrySource]
  private var random: Seeded

  init(_ test: TestLog, seed: Int) async throws {
    self.test = test
    random = Seeded(seed)
    var sources: [TelemetrySource] = []
    let first = try await test.account(tier: .business)
    var second = try await test.account(tier: .business)
    while test.shard(of: second) != test.shard(of: first) { second = try await test.account(tier: .business) }
    for account in [first, second] {
      let projects = [UUID(), UUID()]
      for (project, mode) in [
        (projects[0], KeyMode.live), (projects[0], .live), (projects[0], .test), (projects[1], .live),
      ] {
        sources.append(
          TelemetrySource(accountID: account.accountID, projectID: project, keyID: UUID(), mode: mode))
      }
      for project in projects {
        try await test.log.handle(
          .create(id: project, accountID: account.accountID, name: "p"), by: Project.self,
          on: Self.stream("project", project, of: account, test))
      }
    }
    self.sources = sources
  }

  var shard: Int { test.shard(of: sources[0]) }

  private static func stream(_ kind: String, _ project: UUID, of source: TelemetrySource, _ test: TestLog) -> StreamID {
    StreamID(
      name: "\(kind)-\(project)", shard: test.shard(of: source), accountID: source.accountID, projectID: project)
  }

  mutating func append(_ batches: Int, around now: Instant = .now, keepingAll: Bool = false) async throws {
    for _ in 0..<batches {
      let units = (0..<Int.random(in: 1...5, using: &random)).map { _ in unit(around: now) }
      _ = try await test.log.append(units, shard: shard)
      if Int.random(in: 0..<12, using: &random) == 0 { try await void(around: now) }
      if !keepingAll, Int.random(in: 0..<25, using: &random) == 0 { try await retain() }
    }
  }

  private mutating func unit(around now: Instant) -> AppendUnit {
    let source = sources.randomElement(using: &random) ?? sources[0]
    // Some moments that many come back to, so that quarters of an hour have several batches; and any other.
    let ago =
      [0, 0, 0, 600, 90_000, 700_000, Int.random(in: 0..<34 * 86_400, using: &random)]
      .randomElement(using: &random) ?? 0
    let base = now - .seconds(ago)
    let month = CalendarMonth(of: base)
    var unit = TelemetryUnit(source: source, month: month.description)
    unit.count = Int.random(in: 1...30, using: &random)
    unit.identity =
      unit.count == 1
      ? [nil, .event(UUID(), digest: 1)].randomElement(using: &random) ?? nil
      : [nil, .batch(UUID(), digest: 1)].randomElement(using: &random) ?? nil
    for index in 0..<unit.count {
      if index > 0 { unit.data.append(UInt8(ascii: ",")) }
      let time = base - .milliseconds(Int.random(in: 0...[2, 3_000, 2_000_000][index % 3], using: &random))
      unit.data += request(at: max(time, month.start))
    }
    return AppendUnit(unit)
  }

  /// Its JSON, with what not every request has.
  private mutating func request(at time: Instant) -> [UInt8] {
    let path =
      ["/", "/v2/1/servers", "/v2/2/servers?limit=1", "/v2/2/servers", "/users/7f0c/é", "/slow", "/k"]
      .randomElement(using: &random) ?? "/"
    var members: [String: JSONValue] = [
      "endpoint": .string(path), "template": .string(PathTemplate.template(of: path)),
      "method": .string(["GET", "GET", "POST", "DELETE"].randomElement(using: &random) ?? "GET"),
      "status_code": .integer([200, 200, 200, 204, 301, 404, 429, 500, 599].randomElement(using: &random) ?? 200),
      "timestamp": .integer(Int(time.milliseconds)),
    ]
    if Bool.random(using: &random) {
      members["response_time_ms"] = .number(["0", "0.5", "12", "250.25", "60000"].randomElement(using: &random) ?? "0")
    }
    if Bool.random(using: &random) { members["consumer"] = .string("c\(Int.random(in: 0..<4, using: &random))") }
    if Bool.random(using: &random) { members["release"] = .string("r\(Int.random(in: 0..<3, using: &random))") }
    return JSONValue.object(members).bytes
  }

  private mutating func void(around now: Instant) async throws {
    let source = sources.randomElement(using: &random) ?? sources[0]
    let from = now - .seconds([1, 3_000, 800_000, 30 * 86_400].randomElement(using: &random) ?? 1)
    let length = [Duration.seconds(2), .hours(1), .days(9)].randomElement(using: &random) ?? .hours(1)
    do {
      try await Voiding(log: test.log)(
        UUID(), .init(mode: source.mode, from: from, to: from + length), reason: "load test",
        on: Self.stream("project", source.projectID, of: source, test))
    } catch Project.Failure.nothingToVoid {
      // A quiet one.
    }
  }

  private mutating func retain() async throws {
    let source = sources.randomElement(using: &random) ?? sources[0]
    let days = Int.random(in: 9...40, using: &random)
    try await test.log.handle(
      .apply(
        RetentionApplied(
          accountID: source.accountID, projectID: source.projectID,
          before: TierHistory.beginning(of: days, before: .now), tier: .free, days: days)),
      by: Retention.self, on: Self.stream("retention", source.projectID, of: source, test))
  }
}
