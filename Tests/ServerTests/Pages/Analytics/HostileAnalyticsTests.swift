import Domain
import Foundation
import HTTPTypes
import TestDatabase
import Testing

@testable import Server

/// What foreigners send is text, wherever it is shown.
@Suite struct HostileAnalyticsTests {
  private static let texts = [
    "<img src=x onerror=alert(1)>", "</script><script>alert(1)</script>", "\" onmouseover=\"alert(1)", "{{frame}}",
    "=1+1", "+cmd|' /C calc'!A0", "-1", "@SUM(A1)",
  ]

  @Test func hostileNamesAreTextOnEveryPage() async throws {
    try await Service.analysing { shop in
      let clock = shop.service.clock
      try await shop.track(
        Self.texts.map { text in
          let json = JSONValue.string(text).text
          return EventText(clock).with("endpoint", JSONValue.string("/" + text).text).with("consumer", json)
            .with("release", json)
        }
          + ["/a\u{202E}b", "/" + String(repeating: "é", count: 900)].map {
            EventText(clock).with("endpoint", JSONValue.string($0).text)
          })
      for uri in ["", "?table=endpoints", "?table=consumers", "?table=releases", "?consumer=%3Cimg%20src%3Dx%3E"] {
        let page = try await shop.page(uri)
        #expect(page.status == 200, "\(uri)")
        check(page.text, uri)
      }
      check(try await shop.page("", "/requests").text, "requests")
      let consumer = try #require(
        try await shop.page("?table=consumers").text.links("<img src=x onerror=alert(1)>").first)
      let one = try await shop.browser.get(consumer).text
      #expect(try one.figure("Calls") == "1")
      check(one, "filtered")
    }
  }

  private func check(_ page: String, _ comment: String) {
    #expect(
      !page.contains("<img") && !page.contains("<script>alert") && !page.contains("\" onmouseover=\""), "\(comment)")
    #expect(!page.contains("\u{202E}"), "\(comment)")
  }

  @Test func noCellIsAFormula() async throws {
    try await Service.analysing { shop in
      let clock = shop.service.clock
      try await shop.track(
        Self.texts.map { EventText(clock).with("consumer", JSONValue.string($0).text).with("endpoint", "\"/a,b\"") })
      let rows = try await shop.page("?table=consumers&format=csv").text.components(separatedBy: "\r\n")
      for text in Self.texts where "=+-@".contains(text.prefix(1)) {
        #expect(rows.contains { $0.hasPrefix("'\(text),") }, "\(text)")
      }
      let requests = try await shop.page("?format=csv", "/requests").text
      #expect(requests.contains(",\"/a,b\","))
    }
  }

  @Test func csvIsWhatRFC4180SaysAndSafeInASpreadsheet() {
    var csv = CSV(columns: ["a", "b"])
    csv.add(["one, two", "say \"hi\""])
    csv.add(["\t=1", "line\r\nbreak"])
    csv.add(["=1+1", "2-1"])
    #expect(csv.text == "a,b\r\n\"one, two\",\"say \"\"hi\"\"\"\r\n'\t=1,\"line\r\nbreak\"\r\n'=1+1,2-1\r\n")
  }
}
