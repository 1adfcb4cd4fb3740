import Domain
import Foundation
import HTTPTypes
import TestDatabase
import Testing

@testable import Server

/// More endpoints than a page shows.
@Suite struct EndpointListTests {
  private static func letters(_ number: Int) -> String {
    String([number / 26, number % 26].map { Character(UnicodeScalar(UInt8(97 + $0))) })
  }

  @Test func manyEndpointsComeInPagesAndCanBeSearchedAndOrdered() async throws {
    try await Service.analysing { shop in
      let clock = shop.service.clock
      try await shop.track(
        (0..<130).flatMap { number in
          (0..<(number < 5 ? 3 : 1)).map { _ in
            EventText(clock).with("endpoint", "\"/v2/\(Self.letters(number))\"")
              .with("status_code", number == 77 ? "500" : "200")
              .with("response_time_ms", number == 99 ? "9000" : "10")
          }
        })
      var (next, names, pages) = ("\(shop.path)?table=endpoints" as String?, [String](), 0)
      while let uri = next, pages < 9 {
        let page = try await shop.browser.get(uri).text
        names += page.matches(of: /<span class="method">GET<\/span> ([^<]*)<\/a>/).map { String($0.output.1) }
        (next, pages) = (page.links("More").first, pages + 1)
      }
      #expect(pages == 3 && names.count == 130 && Set(names).count == 130)
      let found = try await shop.page("?search=/v2/cz").text
      #expect(found.contains("/v2/cz</a>") && found.matches(of: /class="method"/).count == 1)
      #expect(try await shop.page("?search=nothing").text.contains("None of them has this in it"))
      for (sort, number) in [("errors", 77), ("p95", 99)] {
        let page = try await shop.page("?sort=\(sort)").text
        let first = try #require(page.firstMatch(of: /<span class="method">GET<\/span> ([^<]*)<\/a>/)?.output.1)
        #expect(first == "/v2/\(Self.letters(number))", "\(sort)")
        #expect(page.matches(of: /aria-sort="descending"/).count == 1)
      }
    }
  }
}
