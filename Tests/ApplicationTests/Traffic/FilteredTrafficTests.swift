import Domain
import EventLog
import Foundation
import TestDatabase
import Testing

@testable import Application

/// Traffic under filters and against other spans, held against a look at every event of the log.
@Suite(.timeLimit(.whatHangs)) struct FilteredTrafficTests {
  /// What is asked in one go.
  private struct Asked {
    let questions: Questions
    let span: TrafficSpan
    let terms: TrafficTerms
    let plain: PlainTraffic
    let zone: LocalCalendar

    var counted: Range<Instant> { plain.counted(span.range) }
    var other: Range<Instant>? {
      terms.comparison.map { plain.counted($0.other(than: span.inQuarters.range)) }
    }
    var words: Comment { "\(terms.filter) \(String(describing: terms.comparison)) \(span.range)" }
  }

  private static let zones = ["UTC", "Europe/Berlin", "Asia/Kolkata", "America/St_Johns"]

  /// A few days after Berlin's clocks were last set.
  private static func afterClocksWereSet() throws -> Instant {
    let berlin = try #require(TimeZone(identifier: "Europe/Berlin"))
    let day = try #require(
      (0..<366).map { Instant.now.toDay - .days($0) }.first {
        let (before, after) = ($0 - .days(1), $0)
        return LocalCalendar(berlin).clockTime(from: before, to: after) != .days(1)
      })
    return day + .days(4)
  }

  private static func filter(_ log: MixedLog, _ random: inout Seeded) -> RequestFilter {
    var filter = RequestFilter()
    switch Int.random(in: 0..<8, using: &random) {
    case 0: (filter.method, filter.template) = ("GET", "/v2/{id}/servers")
    case 1: filter.consumer = ["c0", "c1", "none"].randomElement(using: &random)
    case 2: filter.release = "r1"
    case 3: filter.key = log.sources.randomElement(using: &random)?.keyID
    default:
      repeat { filter = RequestsTests.filter(log.sources, &random) } while filter.isEmpty
    }
    return filter
  }

  private static func range(around now: Instant, _ random: inout Seeded) -> Range<Instant> {
    let from = now - .minutes(Int64.random(in: 0..<36 * 1_440, using: &random))
    let lengths: [Duration] = [.days(1), .days(7), .hours(5), .days(40), .seconds(77), .zero]
    return from..<from + (lengths.randomElement(using: &random) ?? .zero)
  }

  private static func comparison(
    _ range: Range<Instant>, _ zone: LocalCalendar, _ random: inout Seeded
  ) -> SpanComparison? {
    let any = range.lowerBound - .hours(Int64.random(in: 0..<300, using: &random))
    return [nil, .previous, .weekday(zone), .span(any..<any + .hours(30))].randomElement(using: &random) ?? nil
  }

  /// A random log, late and voided, of both modes, kept for days only or over the week in which clocks are set.
  @Test(arguments: 0..<4) func everyAnswerIsACountOfTheEventsThatMatch(seed: Int) async throws {
    try await RequestsTests.with { recounted in
      var random = Seeded(seed)
      let now = seed % 2 == 0 ? Instant.now : try Self.afterClocksWereSet()
      var log = try await MixedLog(recounted.test, seed: seed)
      for _ in 0..<3 {
        try await log.append(40, around: now, keepingAll: seed % 2 == 1)
        try await recounted.catchUp(only: ["requests", "traffic"])
      }
      var calls: Int64 = 0
      for source in log.sources {
        let subject = TrackedUnit.Subject(shard: log.shard, project: source.projectID, mode: source.mode)
        let search = try await PlainSearch(subject, in: recounted.test)
        let kept = try await recounted.questions.ask(
          RetentionOfRequestsQuestion(shard: log.shard, project: source.projectID)
        ).first
        for _ in 0..<4 {
          let name = Self.zones.randomElement(using: &random) ?? "UTC"
          let zone = LocalCalendar(try #require(TimeZone(identifier: name)))
          let filter = Self.filter(log, &random)
          let range = Self.range(around: now, &random)
          let asked = Asked(
            questions: recounted.questions,
            span: TrafficSpan(project: source.projectID, of: source.accountID, mode: source.mode, range: range),
            terms: TrafficTerms(filter, comparedWith: Self.comparison(range, zone, &random)),
            plain: PlainTraffic(search: search, filter: filter, detailFrom: kept ?? .distantPast), zone: zone)
          calls += try await expectSummary(asked)
          try await expectChart(asked, &random)
          for series in TrafficLabel.allCases { try await expectRanking(asked, by: series) }
        }
      }
      #expect(calls > 100, "there was something to count")
    }
  }

  /// How many calls were counted, in both spans.
  private func expectSummary(_ asked: Asked) async throws -> Int64 {
    let summary = try await asked.questions.trafficSummary(asked.span, asked.terms)
    #expect(summary.range == asked.counted && summary.coverage?.stop == nil, asked.words)
    #expect(summary.value.numbers == asked.plain.numbers(asked.counted), asked.words)
    #expect(summary.comparison?.range == asked.other, asked.words)
    #expect(summary.value.comparison == asked.other.map(asked.plain.numbers), asked.words)
    let top = summary.value.topEndpoints.map(\.numbers.calls)
    let expected = asked.plain.labels(asked.counted, by: .endpoint).values.map(\.calls).sorted(by: >).prefix(5)
    #expect(top == Array(expected), asked.words)
    return summary.value.numbers.calls + (summary.value.comparison?.calls ?? 0)
  }

  private func expectChart(_ asked: Asked, _ random: inout Seeded) async throws {
    var units = LocalCalendar.Unit.allCases
    if asked.span.range.upperBound - asked.span.range.lowerBound > .days(1) { units.removeAll { $0 == .minute } }
    let unit = units.randomElement(using: &random) ?? .day
    let chart = try await asked.questions.trafficChart(asked.span, by: unit, in: asked.zone, asked.terms)
    let spans = asked.zone.pieces(of: asked.counted, by: unit)
    #expect(chart.value.points.map(\.time) == spans.map(\.start), asked.words)
    expectPoints(chart.value.points, of: asked.counted, by: unit, asked)
    #expect((chart.value.others == nil) == (asked.other == nil), asked.words)
    guard let other = asked.other, let others = chart.value.others else { return }
    expectPoints(others.map(\.point), of: other, by: unit, asked)
    let starts = Set(asked.zone.pieces(of: asked.span.inQuarters.range, by: unit).map(\.start))
    let against = others.compactMap(\.against)
    #expect(Set(against).count == against.count && starts.isSuperset(of: against), asked.words)
  }

  private func expectPoints(
    _ points: [TrafficPoint], of range: Range<Instant>, by unit: LocalCalendar.Unit, _ asked: Asked
  ) {
    let found = points.filter { $0.numbers.calls > 0 }.map { ($0.time, $0.numbers) }
    let expected = asked.plain.points(range, by: unit, in: asked.zone)
    #expect(Dictionary(found, uniquingKeysWith: { first, _ in first }) == expected, "\(unit) \(asked.words)")
  }

  private func expectRanking(_ asked: Asked, by series: TrafficLabel) async throws {
    var found: [RankedLabel] = []
    var rank: TrafficRank?
    repeat {
      let page = try await asked.questions.ranking(by: series, asked.span, asked.terms, after: rank, limit: 4)
      #expect(page.range == asked.counted && page.coverage?.stop == nil && page.comparison?.range == asked.other)
      found += page.value.entries
      rank = page.value.next
    } while rank != nil
    let calls = found.map(\.total.calls)
    #expect(calls == calls.sorted(by: >))
    let expected = asked.plain.labels(asked.counted, by: series)
    let numbers = found.map { ($0.label, TrafficNumbers($0.total)) }
    #expect(Dictionary(numbers, uniquingKeysWith: { first, _ in first }) == expected, "\(series) \(asked.words)")
    let others = asked.other.map { asked.plain.labels($0, by: series) }
    // Of a span whose detail is gone in part, nobody can say how often a label was called.
    let isKept = asked.other == asked.terms.comparison.map { asked.span.other($0).inQuarters.range }
    for label in found {
      #expect((label.counterpart == nil) == (others == nil))
      #expect(
        label.counterpart?.numbers
          == others.flatMap { isKept ? $0[label.label] ?? TrafficNumbers(TrafficCell()) : nil },
        "\(series) \(label.label) \(asked.words)")
    }
  }

  /// Rows and log are two ways to one answer: without a filter rows tell what, by a path that fits all, the log does.
  @Test func unfilteredAnswersAreComparedOutOfRowsAlone() async throws {
    try await RequestsTests.with { recounted in
      var random = Seeded(9)
      var log = try await MixedLog(recounted.test, seed: 9)
      try await log.append(100, keepingAll: true)
      try await recounted.catchUp(only: ["requests", "traffic"])
      var all = RequestFilter()
      all.status = StatusFilter("ok,4xx,5xx")
      let source = log.sources[0]
      for _ in 0..<12 {
        let range = Self.range(around: .now, &random)
        let span = TrafficSpan(project: source.projectID, of: source.accountID, mode: source.mode, range: range)
        let comparison = Self.comparison(range, .utc, &random)
        let (rows, counted) = (TrafficTerms(comparedWith: comparison), TrafficTerms(all, comparedWith: comparison))
        let questions = recounted.questions
        #expect(
          try await questions.trafficSummary(span, rows).value == questions.trafficSummary(span, counted).value)
        #expect(
          try await questions.trafficChart(span, by: .hour, in: .utc, rows).value
            == questions.trafficChart(span, by: .hour, in: .utc, counted).value)
        for label in TrafficLabel.allCases where label != .path {
          let one = try await questions.traffic(by: label, span, rows, limit: 50)
          let two = try await questions.traffic(by: label, span, counted, limit: 50)
          #expect(one.value.entries == two.value.entries)
          #expect(one.comparison == two.comparison)
        }
        let paths = try await questions.paths(span, rows, limit: 50).value.entries
        let counts = try await questions.paths(span, counted, limit: 50).value.entries
        #expect(paths.map(\.calls) == counts.map(\.calls) && paths.map(\.path) == counts.map(\.path))
        #expect(paths.map(\.counterpart?.numbers?.calls) == counts.map(\.counterpart?.numbers?.calls))
      }
    }
  }

  /// 600 releases on a day that may have 500: of those beyond, only the log knows.
  @Test func aLabelThatCameWhenTheDayWasFullIsCountedOverTheLog() async throws {
    try await Recounted.with { recounted in
      let source = try await recounted.test.account(tier: .business)
      let day = Instant.now.toDay - .days(2)
      let sent: [Sent] = (0..<600).map { number in
        var one = Sent(time: day + .seconds(number * 60), nanoseconds: Int64(number + 1) * 1_000_000)
        one.release = "r\(number)"
        return one
      }
      try await recounted.send(sent, source)
      var late = Sent(time: day + .days(1))
      late.release = "r599"
      try await recounted.send([late], source)
      try await recounted.catchUp(only: ["requests", "traffic"])
      let questions = recounted.questions
      let span = TrafficSpan(
        project: source.projectID, of: source.accountID, mode: .live, range: day..<day + .days(2))
      for (release, isKnown, calls) in [("r7", true, 1), ("r599", false, 2), ("r9999", false, 0)] {
        var filter = RequestFilter()
        filter.release = release
        let terms = TrafficTerms(filter)
        let rows = try await questions.trafficChartOfRows(span, by: .day, in: .utc, terms)
        #expect((rows != nil) == isKnown, "\(release)")
        let chart = try await questions.trafficChart(span, by: .day, in: .utc, terms).value
        #expect(chart.points.map(\.numbers.calls).reduce(0, +) == Int64(calls), "\(release)")
        let numbers = try await questions.trafficSummary(span, terms).value.numbers
        #expect(numbers.calls == Int64(calls), "\(release)")
        #expect(numbers.longestResponseTime == (["r7": "8", "r599": "600"][release] ?? nil))
      }
      // Of the one that came late, the day before can't tell; the other was not there on the day after.
      let second = TrafficSpan(
        project: source.projectID, of: source.accountID, mode: .live, range: day + .days(1)..<day + .days(2))
      let entry = try await questions.traffic(by: .release, second, TrafficTerms(comparedWith: .previous), limit: 3)
      #expect(entry.value.entries.map(\.name) == ["r599"])
      #expect(entry.value.entries.first?.counterpart == Counterpart(numbers: nil))
    }
  }

  @Test func aCountThatStopsEarlySaysFromWhenOnItIsWhole() async throws {
    try await Recounted.with { recounted in
      let source = try await recounted.test.account(tier: .business)
      let day = Instant.now.toDay - .days(2)
      for hour in 0..<48 {
        let sent: [Sent] = (0..<30).map { minute in
          var one = Sent(time: day + .hours(Int64(hour)) + .minutes(Int64(minute)), endpoint: "/p\(minute)")
          one.consumer = "shop"
          return one
        }
        try await recounted.send(sent, source)
      }
      try await recounted.catchUp(only: ["requests", "traffic"])
      let questions = recounted.questions
      let span = TrafficSpan(
        project: source.projectID, of: source.accountID, mode: .live, range: day..<day + .days(2))
      var filter = RequestFilter()
      filter.method = "GET"
      let few = RequestBudget(events: 100, rows: 1_000, time: .seconds(60))
      let terms = TrafficTerms(filter, comparedWith: .previous, budget: few)
      let summary = try await questions.trafficSummary(span, terms)
      let coverage = try #require(summary.coverage)
      #expect(coverage.stop == .cost && coverage.countedFrom > day && coverage.countedFrom < day + .days(2))
      #expect(summary.comparison?.coverage.stop == nil, "nothing is there")
      let plain = try await PlainSearch(
        .init(shard: recounted.test.shard(of: source), project: source.projectID, mode: .live), in: recounted.test)
      let counted = coverage.countedFrom..<day + .days(2)
      #expect(summary.value.numbers.calls == Int64(plain.found(filter, in: counted).count))
      #expect(summary.value.numbers.calls > 0)
      let chart = try await questions.trafficChart(span, by: .hour, in: .utc, terms)
      #expect(chart.value.points.first.map { $0.time + .hours(1) > coverage.countedFrom } == true)
      #expect(chart.value.points.last?.time == day + .hours(47))
      let points = chart.value.points.map(\.numbers.calls).reduce(0, +)
      #expect(
        points == Int64(plain.found(filter, in: try #require(chart.coverage).countedFrom..<counted.upperBound).count))
      let page = try await questions.endpoints(span, terms, limit: 50)
      #expect(page.coverage?.stop == .cost && !page.value.entries.isEmpty)
      // A consumer's numbers are known all the same; how far its endpoints were counted is said apart.
      filter = RequestFilter()
      filter.consumer = "shop"
      let known = try await questions.trafficSummary(span, TrafficTerms(filter, budget: few))
      #expect(known.value.numbers.calls == 48 * 30 && known.coverage == nil)
      #expect(known.value.top?.coverage.stop == .cost)
      #expect(try #require(known.value.top).coverage.countedFrom > day)
      #expect(known.value.topEndpoints.allSatisfy { $0.numbers.calls < 48 })
      let whole = try await questions.trafficSummary(span, TrafficTerms(filter))
      #expect(whole.value.top == nil && whole.value.topEndpoints.map(\.numbers.calls) == [48, 48, 48, 48, 48])
    }
  }
}
