import Domain
import Foundation
import Logging
import Postgres
import TestDatabase
import Testing

@testable import EventLog

/// What leaves the log, as the auditor's role, which may only read.
@Suite struct ExportTests {
  private struct CloudEvent: Decodable {
    let specversion: String
    let id: String
    let source: String
    let type: String
    let time: String
    let subject: String
    let dataschema: String
    let datacontenttype: String
    let data: [String: JSONAny]
  }

  private struct Batch: Decodable {
    let shard: Int
    let firstPosition: Int64
    let lastPosition: Int64
    let recordedAtUs: Int64
    let hash: String
    let events: String
  }

  /// Any JSON, unread.
  private struct JSONAny: Decodable {
    init(from decoder: any Decoder) throws {}
  }

  /// Two accounts with a few batches each, one of them over its quota; the first one's source.
  private func fill(_ test: TestLog) async throws -> [TelemetrySource] {
    let sources = [try await test.account(), try await test.account(tier: .pro)]
    for source in sources {
      let shard = test.shard(of: source)
      for count in [1, 400, 3, 600] {
        let unit = TelemetryUnit.sample(source, count: count, identity: .batch(UUID(), digest: 1))
        _ = try await test.log.append([AppendUnit(unit)], shard: shard)
      }
    }
    return sources
  }

  private func auditor(_ test: TestLog) -> Pool {
    var settings = test.database.settings
    settings.role = "recount_auditor"
    return Pool(settings, size: 2, logger: Logger(label: "auditor"))
  }

  private func lines(
    _ test: TestLog, _ format: ExportFormat, _ filter: ExportFilter = ExportFilter(), shard: Int? = nil,
    step: Int64? = nil
  ) async throws -> [String] {
    let pool = auditor(test)
    var export = try Export(pool: pool, format: format, filter: filter, shard: shard)
    if let step { export.step = step }
    var lines: [String] = []
    let count = try await export.run { lines.append($0) }.lines
    await pool.close()
    #expect(count == lines.count - (format == .csv ? 1 : 0))
    return lines
  }

  private func cloudEvents(_ test: TestLog, _ filter: ExportFilter = ExportFilter()) async throws -> [CloudEvent] {
    try await lines(test, .cloudevents, filter).map { try JSONDecoder().decode(CloudEvent.self, from: Data($0.utf8)) }
  }

  @Test func everyEventIsExportedExactlyOnceInEachFormat() async throws {
    try await TestLog.with { test in
      _ = try await fill(test)
      let rows = try await test.owner.query("SELECT shard, position, type FROM log.events ORDER BY shard, position")
      let ids = try rows.map { "\(try $0.decode("shard", as: Int.self))/\(try $0.decode("position", as: Int64.self))" }
      let tracked = try rows.filter { try $0.decode("type", as: String.self) == "request_tracked" }.count

      #expect(try await cloudEvents(test).map(\.id) == ids)
      #expect(try await lines(test, .csv).count == tracked + 1, "a header, and a row per tracked request")
      let batches = try await batches(test)
      #expect(batches.flatMap { b in (b.firstPosition...b.lastPosition).map { "\(b.shard)/\($0)" } } == ids)
    }
  }

  private func batches(_ test: TestLog) async throws -> [Batch] {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try await lines(test, .batches).map { try decoder.decode(Batch.self, from: Data($0.utf8)) }
  }

  @Test func aBatchIsExportedWithTheTextThatItsHashCovers() async throws {
    try await TestLog.with { test in
      _ = try await fill(test)
      var previous: [Int: [UInt8]] = [:]
      for batch in try await batches(test) {
        let link = try await test.owner.query(
          """
          SELECT log.batch_hash(
            \(previous[batch.shard] ?? [UInt8](repeating: 0, count: 32)), \(Int32(batch.shard)), \(batch.firstPosition),
            \(batch.lastPosition), to_timestamp(0) + \(batch.recordedAtUs) * interval '1 microsecond', \(batch.events)) AS hash
          """)
        let hash = try #require(link.first).decode("hash", as: [UInt8].self)
        #expect(hash.map { String(format: "%02x", $0) }.joined() == batch.hash)
        previous[batch.shard] = hash
      }
    }
  }

  @Test(arguments: ExportFormat.allCases) func theOrderIsTheSameHoweverTheLogIsCut(format: ExportFormat) async throws {
    try await TestLog.with { test in
      _ = try await fill(test)
      let whole = try await lines(test, format)
      #expect(try await lines(test, format, step: 1) == whole)
      #expect(try await lines(test, format, step: 500) == whole)
      let shards = try await lines(test, format, shard: 0).count + lines(test, format, shard: 1).count
      #expect(shards == whole.count + (format == .csv ? 1 : 0))
    }
  }

  @Test func aCloudEventSaysWhoseItIsAndWhichSchemaItMatches() async throws {
    try await TestLog.with { test in
      let source = try await fill(test)[0]
      let events = try await cloudEvents(test, ExportFilter(accountID: source.accountID))
      let opened = try #require(events.first)
      #expect(opened.type == "dev.recount.account_opened.v1")
      #expect(opened.subject == source.accountID.lowercase)
      let tracked = try #require(events.first { $0.type == "dev.recount.request_tracked.v2" })
      #expect(tracked.specversion == "1.0")
      #expect(tracked.source == "/recount/shards/\(test.shard(of: source))")
      #expect(tracked.subject == "\(source.accountID.lowercase)/\(source.projectID.lowercase)")
      #expect(tracked.dataschema == "urn:recount:event:request_tracked.v2")
      #expect(tracked.datacontenttype == "application/json")
      #expect(tracked.data.keys.contains("status_code"))
      #expect(tracked.time.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z/) != nil)
    }
  }

  @Test func filtersLeaveOutWhatWasNotAskedForAndNothingElse() async throws {
    try await TestLog.with { test in
      let sources = try await fill(test)
      let all = try await cloudEvents(test)
      func expect(_ filter: ExportFilter, _ isWanted: (CloudEvent) -> Bool) async throws {
        let wanted = all.filter(isWanted).map(\.id)
        #expect(!wanted.isEmpty && wanted.count < all.count)
        #expect(try await cloudEvents(test, filter).map(\.id) == wanted)
      }
      let (account, project) = (sources[0].accountID, sources[1].projectID)
      try await expect(ExportFilter(accountID: account)) { $0.subject.hasPrefix(account.lowercase) }
      try await expect(ExportFilter(projectID: project)) { $0.subject.hasSuffix(project.lowercase) }
      try await expect(ExportFilter(type: "quota_exceeded")) { $0.type == "dev.recount.quota_exceeded.v1" }
      // A time that one of the batches bears: the first bound is within, the last is not.
      let time = all[all.count / 2].time
      let row = try await test.owner.query("SELECT \(time)::text::timestamptz AS t").first
      let date: Instant = try #require(row).decode("t")
      try await expect(ExportFilter(from: date)) { $0.time >= time }
      try await expect(ExportFilter(to: date)) { $0.time < time }
      #expect(try await lines(test, .csv, ExportFilter(accountID: account)).count == 1_001)
    }
  }

  @Test func anEndpointWithQuotesAndCommasStaysOneFieldOfCSV() async throws {
    try await TestLog.with { test in
      let source = try await test.account()
      var unit = TelemetryUnit.sample(source)
      unit.data = []
      TrackedRequest(
        endpoint: #"/a,"b""#, method: .get, statusCode: 404, responseTimeNanoseconds: 1_500_000,
        timestamp: try #require(CalendarMonth.noon(of: unit.month))
      ).encode(into: &unit.data)
      _ = try await test.log.append([AppendUnit(unit)], shard: test.shard(of: source))
      let row = try #require(try await lines(test, .csv).last)
      let expected = #"T12:00:00.000Z,GET,"/a,""b""","/a,""b""",404,1.5,"#
      #expect(row.contains(expected), "\(row)")
      #expect(row.hasSuffix("Z\r"))
    }
  }

  @Test func whatAFormatCannotHoldIsRefused() async throws {
    try await TestLog.with { test in
      #expect(throws: ExportError.filteredBatches) {
        try Export(pool: test.owner, format: .batches, filter: ExportFilter(accountID: UUID()))
      }
      #expect(throws: ExportError.typeNotInCSV("key_issued")) {
        try Export(pool: test.owner, format: .csv, filter: ExportFilter(type: "key_issued"))
      }
      await #expect(throws: ExportError.unknownShard(7)) { try await lines(test, .batches, shard: 7) }
    }
  }
}

extension CalendarMonth {
  /// Noon of the 15th of a month such as 2026-11.
  fileprivate static func noon(of month: String) -> Instant? { Instant("\(month)-15T12:00:00Z") }
}
