import Domain
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import TestDatabase
import Testing

@testable import Server

/// What whoever has a link does not see.
@Suite struct SharedLeakTests {
  /// What the frame of every page leads to.
  private static let frame = [
    "/", "/docs", "/log-in", "/sign-up", "/.well-known/recount/checkpoints", "/openapi.json", "#main",
  ]

  @Test(.timeLimit(.whatHangs)) func nothingOfTheTenantButTheProjectsNameLeaks() async throws {
    try await Service.analysing { shop in
      let clock = shop.service.clock
      let consumer = "acme-the-consumer"
      try await shop.track(
        (0..<30).map { EventText(clock, after: Double(-60 * ($0 + 1))).with("consumer", "\"\(consumer)\"") }
          + [EventText(clock).with("release", "\"1.2\"").with("status_code", "404")])
      let other = try await shop.service.open()
      _ = try await shop.service.track(EventText(clock).text, key: other.key)
      try await shop.service.catchUp()
      for query in ["", "?consumer=\(consumer)"] {
        let path = try await shop.shareLink(query, name: "our secret name")
        var (found, seen) = ([path], Set<String>())
        while let uri = found.popLast() {
          guard seen.count < 30, seen.insert(uri).inserted else { continue }
          let page = try await shop.service.get(uri)
          #expect(page.status == 200 || page.status == 303, "\(uri): \(page.status)")
          check(page, uri, secrets: [consumer, shop.project, shop.key, "our secret name", other.key, "@example.com"])
          let links = Self.links(of: page.text).filter { !Self.frame.contains($0) && !$0.hasPrefix("/assets/") }
          for link in links {
            #expect(link == path || link.hasPrefix("\(path)?"), "\(uri) leads to \(link)")
            #expect(!link.contains("consumer=") && !link.contains("mode="), "\(uri) leads to \(link)")
          }
          found += links
        }
        #expect(seen.count > 20, "\(seen.sorted())")
      }
    }
  }

  private func check(_ page: Answer, _ uri: String, secrets: [String]) {
    for secret in secrets { #expect(!page.text.contains(secret), "\(uri) tells \(secret)") }
    #expect(!page.text.contains(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-/), "\(uri) has an id")
    #expect(!page.text.contains("sk_") && !page.text.contains("osition"), "\(uri)")
    #expect(!page.text.contains("/projects") && !page.text.contains("/api/"), "\(uri)")
    for tier in ["Free", "Pro", "Business"] { #expect(!page.text.contains(tier), "\(uri) tells the tier") }
    #expect(!page.text.contains("http://") && !page.text.contains("https://"), "\(uri) loads or leads elsewhere")
  }

  private static func links(of html: String) -> [String] {
    html.matches(of: /(?:href|action)="([^"]*)"/).map { String($0.output.1).unescaped }
  }

  @Test func whatForeignersNamedIsText() async throws {
    try await Service.with { service in
      let hostile = "</title><script>alert(1)</script>\"'"
      let shop = try await service.analysed(named: hostile)
      let text = JSONValue.string(hostile).text
      try await shop.track([
        EventText(service.clock).with("endpoint", JSONValue.string("/" + hostile).text).with("release", text)
      ])
      let path = try await shop.shareLink("?release=\(Browser.encoded(hostile))", name: hostile)
      for uri in [path, try await shop.shareLink(), "\(path)?search=\(Browser.encoded(hostile))"] {
        let page = try await service.get(uri)
        #expect(page.status == 200 && page.text.contains("&lt;script&gt;"), "\(uri)")
        #expect(!page.text.contains("<script>"), "\(uri)")
      }
      #expect(try await !shop.browser.get("\(shop.path)/links").text.contains("<script>"))
    }
  }

  @Test func theTokenIsNoPartOfWhatIsLoggedAndTraced() {
    func logged(_ path: String) -> String {
      let head = HTTPRequest(method: .get, scheme: nil, authority: nil, path: path)
      return Request(head: head, body: RequestBody(buffer: ByteBuffer())).withoutSecret.uri.string
    }
    #expect(logged("/shared/sl_abc?period=24h") == "/shared/-")
    #expect(logged("//shared//sl_abc") == "/shared/-")
    #expect(logged("/projects/x?period=24h") == "/projects/x?period=24h")
  }
}
