import Domain
import Foundation
import HTTPTypes
import TestDatabase
import Testing

@testable import Server

/// One number is the same on the page, in its files, and from the API.
@Suite struct AnalyticsNumbersTests {
  /// Over three days: two endpoints, each class of status, consumers and releases, and calls without a time.
  private func fill(_ shop: Analysed) async throws {
    let clock = shop.service.clock
    let days = [0, -1, -2, -8].flatMap { day in
      (0..<20).map { number in
        EventText(clock, after: Double(day) * 86_400 - 600 - Double(number))
          .with("endpoint", number % 4 == 0 ? "\"/v2/orders\"" : "\"/v2/\(number)/servers\"")
          .with("status_code", ["200", "301", "404", "500", "200"][number % 5])
          .with("response_time_ms", number == 7 ? nil : "\(number * number + 1).25")
          .with("consumer", "\"customer \(number % 3)\"").with("release", "\"1.\(number % 2)\"")
      }
    }
    try await shop.track(days + [EventText(clock).with("method", "\"POST\"").with("status_code", "503")])
  }

  @Test func tilesShowWhatTheAPIAnswersForTheSameSpan() async throws {
    try await Service.analysing { shop in
      try await fill(shop)
      for query in [
        "", "?period=24h", "?period=month&compare=previous", "?status=404", "?template=/v2/orders&method=GET",
      ] {
        let page = try await shop.page(query).text
        let link = try #require(page.links("the same from the API").first)
        let api = try await shop.service.get(link, key: shop.key)
        #expect(api.status == 200 && api["total_calls"].integer > 0, "\(query)")
        #expect(try page.figure("Calls") == Text.number(Int64(api["total_calls"].integer)), "\(query)")
        let calls = Int64(api["total_calls"].integer)
        #expect(try page.figure("4xx rate") == Text.share(Int64(api["errors_4xx"].integer), of: calls), "\(query)")
        #expect(try page.figure("5xx rate") == Text.share(Int64(api["errors_5xx"].integer), of: calls), "\(query)")
        for (tile, name) in [
          ("Average time", "average_response_time_ms"), ("p50", "p50_response_time_ms"),
          ("p95", "p95_response_time_ms"), ("p99", "p99_response_time_ms"),
        ] {
          #expect(try page.figure(tile) == Text.milliseconds(api[name].number.map { "\($0)" }), "\(query) \(tile)")
        }
      }
      let page = try await shop.page().text
      let span = try #require(page.links("the same from the API").first?.split(separator: "?").last)
      let latency = try await shop.api("latency?apdex_ms=500&interval=day&" + Self.bounds(String(span)))
      #expect(
        try page.figure("Apdex") == String(format: "%.2f", try #require(latency["apdex"]["score"].number)))
    }
  }

  private static func bounds(_ query: String) -> String {
    query.split(separator: "&").filter { $0.hasPrefix("from=") || $0.hasPrefix("to=") }.joined(separator: "&")
  }

  @Test func filesAreTheScreensNumbers() async throws {
    try await Service.analysing { shop in
      try await fill(shop)
      let query = "?compare=weekday"
      let page = try await shop.page(query).text
      let summary = try await shop.page("\(query)&format=csv").text.csv
      let json = try await shop.page("\(query)&format=json")
      #expect(json.header("Content-Type") == "application/json")
      let api = try await shop.service.get(try #require(page.links("the same from the API").first), key: shop.key)
      #expect(json.json.without("as_of") == api.json.without("as_of"))
      let calls = try #require(summary[0].firstIndex(of: "total_calls"))
      #expect(Text.number(Int64(summary[1][calls]) ?? -1) == (try page.figure("Calls")))
      #expect(Int(summary[2][calls]) == api["comparison"]["total_calls"].integer)

      let series = try await shop.page("\(query)&table=series&format=csv").text.csv
      let points = try await shop.page("\(query)&table=series&format=json")
      #expect(series.count - 1 == points["points"].elements.count && series.count == 8)
      let sum = series.dropFirst().compactMap { Int($0[2]) }.reduce(0, +)
      #expect(sum == api["total_calls"].integer)
      for (row, point) in zip(series.dropFirst(), points["points"].elements) {
        #expect(row[0] == point["time"].string && Int(row[2]) == point["total_calls"].integer)
        // The table beside the chart has the same.
        #expect(page.contains(">\(row[1])</a>"), "\(row[1])")
      }

      for (table, list) in [("endpoints", "endpoints"), ("consumers", "entries"), ("releases", "entries")] {
        let rows = try await shop.page("\(query)&table=\(table)&format=csv").text.csv
        let entries = try await shop.page("\(query)&table=\(table)&format=json")[list].elements
        #expect(rows.count - 1 == entries.count && !entries.isEmpty, "\(table)")
        let column = try #require(rows[0].firstIndex(of: "total_calls"))
        #expect(rows.dropFirst().map { Int($0[column]) } == entries.map { $0["total_calls"].integer }, "\(table)")
        let shown = try await shop.page("\(query)&table=\(table)").text
        for entry in entries { #expect(shown.contains(">\(entry["total_calls"].integer)</td>"), "\(table)") }
      }
    }
  }

  @Test func aValueIsALinkThatBecomesAFilterAndCanBeTakenAway() async throws {
    try await Service.analysing { shop in
      try await fill(shop)
      let page = try await shop.page().text
      let orders = try #require(page.links("GET /v2/orders").first)
      let filtered = try await shop.browser.get(orders).text
      #expect(try filtered.figure("Calls") == "15")
      #expect(filtered.contains("endpoint: /v2/orders") && filtered.contains("method: GET"))
      let without = try #require(
        filtered.firstMatch(of: /href="([^"]*)" aria-label="Without method: GET"/)?.output.1)
      let other = try await shop.browser.get(String(without).unescaped).text
      #expect(!other.contains("method: GET") && other.contains("endpoint: /v2/orders"))
      let consumer = try #require(page.links("customer 1").first)
      #expect(try await shop.browser.get(consumer).text.figure("Calls") == "21")
      let status = try #require(page.links("404").first)
      #expect(try await shop.browser.get(status).text.figure("4xx rate") == "100.0 %")
    }
  }

  @Test func aComparisonIsTheSpanBeforeAndSaysWhatChanged() async throws {
    try await Service.analysing { shop in
      try await fill(shop)
      let page = try await shop.page("?compare=weekday").text
      #expect(page.contains("from 20</span>"), "the eighth day stands beside the first")
      #expect(page.contains("+205.0 %"))
      #expect(page.contains("Calls before") && page.contains("line was"))
    }
  }

  @Test func aProjectWithoutCallsSaysWhatToDo() async throws {
    try await Service.analysing { shop in
      let page = try await shop.page()
      #expect(page.status == 200 && page.text.contains("No calls in this period"))
      #expect(page.text.contains("\(shop.path)/first-event"))
      #expect(try page.text.figure("4xx rate") == "–" && page.text.figure("p95") == "–")
      for part in ["/requests", "/explain"] { #expect(try await shop.page("", part).status == 200, "\(part)") }
    }
  }

  @Test func whatWontDoIsSaidAndNotAnsweredWithAnotherNumber() async throws {
    try await Service.analysing { shop in
      for query in [
        "?status=teapot", "?period=9d", "?from=2026-10-25T00:00:00Z", "?interval=minute&period=30d", "?compare=x",
        "?time_zone=Mars", "?cursor=x&table=endpoints", "?key_id=1", "?mode=real", "?table=x", "?format=xml",
      ] {
        let answer = try await shop.page(query)
        #expect(answer.status == 400, "\(query)")
      }
    }
  }
}
