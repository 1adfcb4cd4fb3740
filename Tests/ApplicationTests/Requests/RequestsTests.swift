import Domain
import EventLog
import Foundation
import Logging
import Postgres
import Projector
import TestDatabase
import Testing

@testable import Application

/// Single requests, held against a look at every event of the log.
@Suite(.timeLimit(.whatHangs)) struct RequestsTests {
  /// Requests hold members that no version of their schema has had so far.
  static func with(_ body: @Sendable (Recounted) async throws -> Void) async throws {
    let template = Template(name: "application") { [try .operations()] }
    try await TestLog.with(template: template, forged: true) { test in
      try await body(Recounted(test: test, questions: try Questions(log: test.log, queries: Recounted.queries)))
    }
  }

  /// Everything that is found, page by page; how often a page ended early.
  static func pages(
    _ questions: Questions, _ span: TrafficSpan, _ filter: RequestFilter = RequestFilter(), limit: Int,
    budget: RequestBudget = .standard
  ) async throws -> (found: [FoundRequest], early: Int) {
    var (found, early, place): ([FoundRequest], Int, RequestPlace?) = ([], 0, nil)
    var searched = span.range.upperBound
    repeat {
      let page = try await questions.requests(span, filter, after: place, limit: limit, budget: budget).value
      #expect(page.requests.count <= limit)
      #expect(page.stop != nil || page.requests.count == limit || page.next == nil)
      #expect(page.searchedFrom <= searched)
      #expect(page.requests.allSatisfy { $0.time >= page.searchedFrom })
      if let last = place, let next = page.next { #expect(next < last) }
      found += page.requests
      early += page.stop == nil ? 0 : 1
      (place, searched) = (page.next, page.searchedFrom)
    } while place != nil
    return (found, early)
  }

  static func filter(_ sources: [TelemetrySource], _ random: inout Seeded) -> RequestFilter {
    var filter = RequestFilter()
    for _ in 0..<Int.random(in: 0...2, using: &random) {
      switch Int.random(in: 0..<9, using: &random) {
      case 0:
        filter.endpoint = ["/k", "/v2/{id}/servers", "/v2/2/servers", "/v2/2/servers?limit=1"].randomElement(
          using: &random)
      case 1: filter.template = ["/", "/v2/{id}/servers", "/users/{id}/é"].randomElement(using: &random)
      case 2: filter.path = ["/slow", "/v2/2/servers", "/users/7f0c/é"].randomElement(using: &random)
      case 3: filter.method = ["GET", "DELETE", "PUT"].randomElement(using: &random)
      case 4: filter.status = ["404", "5xx", "ok", "204,599"].randomElement(using: &random).flatMap(StatusFilter.init)
      case 5: filter.key = sources.randomElement(using: &random)?.keyID
      case 6: filter.consumer = ["c0", "c3", "c9"].randomElement(using: &random)
      case 7: filter.release = ["r0", "r2"].randomElement(using: &random)
      default:
        (filter.atLeast, filter.atMost) =
          [(1, nil), (nil, 500_000), (12_000_000, 300_000_000)].randomElement(using: &random) ?? (nil, nil)
      }
    }
    return filter
  }

  private static func range(_ random: inout Seeded) -> Range<Instant> {
    let now = Instant.now
    let spans: [Duration] = [
      .days(60), .minutes(10), .milliseconds(Int.random(in: 0..<3_000_000_000, using: &random)),
    ]
    let from = now - (spans.randomElement(using: &random) ?? .zero)
    let to = [now + .days(1), now - .minutes(1), from + .seconds(5), from].randomElement(using: &random) ?? now
    return from..<max(from, to)
  }

  /// All pages one after another are the list, whatever is asked, however long they are and however early they end.
  @Test(arguments: 0..<4) func pagesAreTheWholeListWhateverIsAsked(seed: Int) async throws {
    try await Self.with { recounted in
      var random = Seeded(seed)
      var log = try await MixedLog(recounted.test, seed: seed)
      // The projector takes it in in cuts of its own.
      for _ in 0..<3 {
        try await log.append(40)
        try await recounted.catchUp(only: ["requests"])
      }
      var (found, early) = (0, 0)
      for source in log.sources {
        let subject = TrackedUnit.Subject(shard: log.shard, project: source.projectID, mode: source.mode)
        let plain = try await PlainSearch(subject, in: recounted.test)
        for _ in 0..<8 {
          let filter = Self.filter(log.sources, &random)
          let span = TrafficSpan(
            project: source.projectID, of: source.accountID, mode: source.mode, range: Self.range(&random))
          let budget =
            [
              RequestBudget.standard, RequestBudget(events: 1, rows: 1, time: .zero),
              RequestBudget(events: 40, rows: 5, time: .seconds(9)),
            ].randomElement(using: &random) ?? .standard
          let limit = [3, 7, 50, 500].randomElement(using: &random) ?? 50
          let pages = try await Self.pages(recounted.questions, span, filter, limit: limit, budget: budget)
          let list = plain.list(filter, in: span.range)
          #expect(
            pages.found.map { "\($0.position) \($0.id?.uuidString ?? "-") \($0.ordinal)" } == list,
            "\(filter) \(span.range) \(limit)")
          found += list.count
          early += pages.early
        }
      }
      #expect(found > 1_000)
      #expect(early > 10)
    }
  }

  /// Issue: 132 requests of an endpoint, on a day of thousands of others, were not found.
  @Test func aRareEndpointIsFoundWholeOnADayOfThousandsOfOthers() async throws {
    try await Recounted.with { recounted in
      let test = recounted.test
      let source = try await test.account(tier: .pro)
      let day = Instant.now.toDay - .days(1)
      for batch in 0..<20 {
        var unit = TelemetryUnit(source: source, month: CalendarMonth(of: day).description)
        for index in 0..<200 {
          if index > 0 { unit.data.append(UInt8(ascii: ",")) }
          let isRare = batch < 11 && index < 12
          TrackedRequest(
            endpoint: isRare ? "/k" : "/common/\(index)", method: .get, statusCode: 200, responseTimeNanoseconds: 1,
            timestamp: day + .seconds(batch * 1_200 + index)
          ).encode(into: &unit.data)
        }
        unit.count = 200
        _ = try await test.log.append([AppendUnit(unit)], shard: test.shard(of: source))
      }
      try await recounted.catchUp(only: ["requests"])
      let span = TrafficSpan(project: source.projectID, of: source.accountID, mode: .live, range: day..<day + .days(1))
      var filter = RequestFilter()
      filter.endpoint = "/k"
      let page = try await recounted.questions.requests(span, filter, limit: 500).value
      #expect(page.requests.count == 132)
      #expect(page.requests.allSatisfy { $0.endpoint == "/k" })
      #expect(page.next == nil && page.stop == nil)
      filter.endpoint = "/nothing"
      #expect(try await recounted.questions.requests(span, filter, limit: 500).value.requests == [])
      #expect(try await Self.pages(recounted.questions, span, limit: 333).found.count == 4_000)
    }
  }

  @Test func aSearchThatStopsEarlySaysSoAndItsCursorGoesOn() async throws {
    try await Recounted.with { recounted in
      let test = recounted.test
      let source = try await test.account(tier: .pro)
      let day = Instant.now.toDay - .days(3)
      for hour in 0..<24 {
        let unit = TelemetryUnit.sample(source, count: 30, at: day + .hours(Int64(hour)))
        _ = try await test.log.append([AppendUnit(unit)], shard: test.shard(of: source))
      }
      try await recounted.catchUp(only: ["requests"])
      let span = TrafficSpan(project: source.projectID, of: source.accountID, mode: .live, range: day..<day + .days(1))
      let budget = RequestBudget(events: 30, rows: 1_000, time: .seconds(60))
      // None took that long, but nothing says so of the batches.
      var filter = RequestFilter()
      filter.atLeast = 29_500_000
      filter.atMost = 29_900_000
      let first = try await recounted.questions.requests(span, filter, limit: 9, budget: budget)
      #expect(first.value.requests == [])
      #expect(first.value.stop == .cost)
      #expect(first.value.next?.time == first.value.searchedFrom)
      #expect(first.value.searchedFrom > day)
      let all = try await Self.pages(recounted.questions, span, filter, limit: 9, budget: budget)
      #expect(all.found == [])
      #expect(all.early > 1)
      #expect(try await Self.pages(recounted.questions, span, limit: 9, budget: budget).found.count == 720)
    }
  }

  /// A log whose past months are in an archive.
  @Test func archivedMonthsAreReadThroughAndWhereTheyCannotBeIsSaid() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "recount-archive-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try await Self.with { recounted in
      let test = recounted.test
      let log = try await Self.fill(test)
      try await recounted.catchUp(only: ["requests"])
      let source = log.sources[0]
      let subject = TrackedUnit.Subject(shard: log.shard, project: source.projectID, mode: source.mode)
      let span = TrafficSpan(
        project: source.projectID, of: source.accountID, mode: source.mode, range: .epoch..<(.now + .days(1)))
      let plain = try await PlainSearch(subject, in: test)
      let list = plain.list(RequestFilter(), in: span.range)
      try await Self.archive(test, to: ArchiveFolder(folder))
      let archive = ArchiveReader(ArchiveFolder(folder))
      let able = try Questions(log: test.log, queries: Recounted.queries, archive: archive)
      for limit in [7, 500] {
        let found = try await Self.pages(able, span, limit: limit).found
        #expect(found.map { "\($0.position) \($0.id?.uuidString ?? "-") \($0.ordinal)" } == list)
      }
      var filter = RequestFilter()
      filter.status = StatusFilter("ok,4xx,5xx")
      let counted = try await able.trafficSummary(span, TrafficTerms(filter))
      let from = try #require(counted.coverage).countedFrom
      let spring = try Instant.parse("2025-03-01T00:00:00Z")
      #expect(counted.coverage?.stop != .archive && from < spring, "some of the archive has been counted")
      let known = plain.found(filter, in: from..<span.range.upperBound)
      #expect(counted.value.numbers.calls == Int64(known.count))
      let partly = try await recounted.questions.trafficSummary(span, TrafficTerms(filter))
      let coverage = try #require(partly.coverage)
      #expect(coverage.stop == .archive && partly.value.numbers.calls > 0)
      let rest = plain.found(filter, in: coverage.countedFrom..<span.range.upperBound)
      #expect(partly.value.numbers.calls == Int64(rest.count) && rest.count < list.count)
      // Without it, what is found is all that there is from a time on, which is said.
      let without = try await recounted.questions.requests(span, limit: 500).value
      #expect(without.stop == .archive)
      #expect(without.next == nil)
      #expect(!without.requests.isEmpty && without.requests.count < list.count)
      #expect(
        without.requests.map { "\($0.position) \($0.id?.uuidString ?? "-") \($0.ordinal)" }
          == Array(list.prefix(without.requests.count)))
    }
  }

  private static func fill(_ test: TestLog) async throws -> MixedLog {
    let log = Kept<MixedLog>()
    for (month, batches) in [("2025-01-05T00:00:00Z", 25), ("2025-02-10T12:00:00Z", 25)] {
      let time = try Instant.parse(month)
      try await test.recorded(at: time) {
        var mixed = if let mixed = log.value { mixed } else { try await MixedLog(test, seed: 5) }
        try await mixed.append(batches, around: time, keepingAll: true)
        log.value = mixed
      }
    }
    var mixed = try #require(log.value)
    try await mixed.append(20, keepingAll: true)
    try await test.owner.query("DROP TABLE IF EXISTS log.batches_2024_12")
    return mixed
  }

  private static func archive(_ test: TestLog, to folder: ArchiveFolder) async throws {
    var settings = test.database.settings
    settings.role = "recount_archiver"
    let pool = Pool(settings, size: 2, logger: Recounted.silent)
    try await Archiver(pool: pool, folder: folder).run(before: "2025-03")
    await pool.close()
  }
}
