import Domain
import EventLog
import Foundation
import Postgres
import TestDatabase
import Testing

@testable import Application

/// What a month is made of, held against a walk of the whole log (`recount explain usage`).
@Suite(.timeLimit(.whatHangs)) struct UsageExplainTests {
  struct Asked {
    let account: UUID
    var project: UUID?
    let mode: KeyMode
    let month: CalendarMonth
    let shownAt: Instant?
  }

  /// All pages as one: pieces that came in several added up.
  static func whole(
    _ questions: Questions, _ asked: Asked, limit: Int, budget: UsageBudget = .standard
  ) async throws -> (last: ExplainedUsage, pieces: [String], voids: [String], pages: Int) {
    var pieces: [String: (events: Int64, first: Int64, last: Int64)] = [:]
    var (voids, place, pages): ([String], UsagePlace?, Int) = ([], nil, 0)
    while true {
      let page = try await questions.explainUsage(
        of: asked.account, project: asked.project, mode: asked.mode, month: asked.month, shownAt: asked.shownAt,
        after: place, limit: limit, budget: budget
      ).value
      pages += 1
      for piece in page.pieces {
        let key = "\(piece.day) \(piece.isLate.map(String.init) ?? "-") \(piece.projectID) \(piece.keyID)"
        let known = pieces[key] ?? (0, .max, 0)
        pieces[key] = (
          known.events + piece.events, min(known.first, piece.firstPosition), max(known.last, piece.lastPosition)
        )
      }
      voids += page.voids.map {
        "\($0.id) \($0.keyID) \($0.events) \($0.position) \($0.isLate.map(String.init) ?? "-") \($0.givesBackQuota) \($0.reason)"
      }
      #expect(page.addsUp)
      guard let next = page.next else {
        return (page, pieces.map { "\($0) \($1.events) \($1.first) \($1.last)" }.sorted(), voids.sorted(), pages)
      }
      #expect(page.comparison == nil || page.stop == nil)
      place = next
    }
  }

  static func expect(
    _ questions: Questions, _ asked: Asked, limit: Int, budget: UsageBudget, upto: Int64, by explain: ExplainUsage
  ) async throws -> Int {
    let found = try await whole(questions, asked, limit: limit, budget: budget)
    var told = try await explain(
      account: asked.account, shard: questions.shard(of: asked.account), mode: asked.mode,
      month: asked.month.description, upto: upto, shownAt: asked.shownAt)
    if let project = asked.project { told = told.of(project: project) }
    let comment: Comment = "\(asked) \(limit)"
    func late(_ piece: UsageExplanation.Piece) -> String { piece.isLate.map(String.init) ?? "-" }
    let pieces = told.tracked.map {
      "\($0.day) \(late($0)) \($0.projectID) \($0.keyID) \($0.events) \($0.firstPosition) \($0.lastPosition)"
    }
    #expect(found.pieces == pieces.sorted(), comment)
    let voids = told.voided.map { piece in
      let (id, gives, reason) = (piece.voidID ?? UUID(), piece.givesBackQuota ?? false, piece.reason ?? "")
      return "\(id) \(piece.keyID) \(-piece.events) \(piece.firstPosition) \(late(piece)) \(gives) \(reason)"
    }
    #expect(found.voids == voids.sorted(), comment)
    #expect([found.last.used, found.last.calls] == [told.used, told.calls], comment)
    let shown = found.last.comparison
    #expect((shown == nil) == (asked.shownAt == nil), comment)
    if let shown {
      #expect(
        [shown.then.used, shown.late, shown.voidedSince, shown.givenBackSince]
          == [told.shown, told.late, told.voidedSince, told.givenBackSince], comment)
      #expect(shown.then.used + shown.late - shown.givenBackSince == found.last.used, comment)
    }
    return found.pages
  }

  @Test(arguments: 0..<3) func itIsWhatAWalkOfTheWholeLogTells(seed: Int) async throws {
    try await RequestsTests.with { recounted in
      var random = Seeded(seed)
      let log = try await PastLog(recounted, seed: seed, from: Instant.now.toDay - .days(4))
      let explain = ExplainUsage(pool: recounted.test.log.pool)
      let end = try await recounted.test.owner.query(
        "SELECT last_position AS n FROM log.heads WHERE shard = \(Int32(log.shard))")
      let upto = try #require(end.first).decode("n", as: Int64.self)
      var pages = 0
      for _ in 0..<40 {
        let source = log.sources.randomElement(using: &random) ?? log.sources[0]
        let asked = Asked(
          account: source.accountID, project: Bool.random(using: &random) ? source.projectID : nil, mode: source.mode,
          month: log.months.randomElement(using: &random) ?? log.months[0],
          shownAt: Int.random(in: 0..<6, using: &random) == 0 ? nil : log.moments.randomElement(using: &random))
        let budget =
          [UsageBudget.standard, UsageBudget(events: 1, step: 1, time: .zero)].randomElement(using: &random)
          ?? .standard
        pages += try await Self.expect(
          recounted.questions, asked, limit: [1, 3, 500].randomElement(using: &random) ?? 500, budget: budget,
          upto: upto, by: explain)
      }
      #expect(pages > 80, "some of the 40 were told apart batch by batch: it takes several pages")
    }
  }

  /// Of years ago, read through; and where the archive can't be read, all but what a moment in it would tell.
  @Test func archivedMonthsAreExplainedAsTheyWere() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "recount-archive-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try await RequestsTests.with { recounted in
      let log = try await PastLog(recounted, seed: 7, from: try Instant.parse("2025-02-10T00:00:00Z"), keepingAll: true)
      var random = Seeded(7)
      let archive = try await recounted.archiveAll(to: folder, before: "2025-03")
      let able = try Questions(log: recounted.test.log, queries: Recounted.queries, archive: archive)
      let explain = ExplainUsage(pool: recounted.test.log.pool, archive: archive)
      let upto = try await able.explainUsage(
        of: log.sources[0].accountID, mode: .live, month: log.months[0], shownAt: nil, limit: 1
      ).asOf.position
      for _ in 0..<12 {
        let source = log.sources.randomElement(using: &random) ?? log.sources[0]
        let asked = Asked(
          account: source.accountID, project: nil, mode: source.mode,
          month: log.months.randomElement(using: &random) ?? log.months[0],
          shownAt: log.moments.randomElement(using: &random))
        _ = try await Self.expect(able, asked, limit: 500, budget: .standard, upto: upto, by: explain)
      }
      let month = CalendarMonth(of: try Instant.parse("2025-02-01T00:00:00Z"))
      let without = try await recounted.questions.explainUsage(
        of: log.sources[0].accountID, mode: .live, month: month, shownAt: try Instant.parse("2025-02-10T10:00:00Z"),
        limit: 500
      ).value
      #expect(without.stop == .archive && without.comparison == nil && without.next == nil)
      #expect(without.addsUp && !without.pieces.isEmpty && without.pieces.allSatisfy { $0.isLate == nil })
    }
  }

  /// A day of another account's must not be counted, nor walked where no piece lies on both sides of the moment.
  @Test func aMomentBetweenDaysCostsNoWalk() async throws {
    try await RequestsTests.with { recounted in
      let day = Instant.now.toDay - .days(4)
      let log = try await PastLog(recounted, seed: 3, from: day)
      let none = UsageBudget(events: 0, step: 0, time: .zero)
      for source in log.sources {
        let found = try await recounted.questions.explainUsage(
          of: source.accountID, mode: source.mode, month: CalendarMonth(of: day), shownAt: day + .hours(48),
          limit: 500, budget: none
        ).value
        #expect(found.stop == nil && found.next == nil && found.comparison != nil)
      }
    }
  }
}
