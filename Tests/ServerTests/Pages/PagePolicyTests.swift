import Application
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Postgres
import TestDatabase
import Testing

@testable import Server

/// What holds of every page.
@Suite struct PagePolicyTests {
  private static let templates = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Sources/Server/Pages/Templates")

  @Test func noTemplateLetsAForeignTextThroughOrNeedsWhatThePolicyForbids() throws {
    let files = try FileManager.default.subpathsOfDirectory(atPath: Self.templates.path).filter {
      $0.hasSuffix(".mustache")
    }
    #expect(files.count > 10)
    for file in files {
      let text = try String(contentsOf: Self.templates.appending(path: file), encoding: .utf8)
      for forbidden in ["{{{", "{{&", "style=", "javascript:", "CONTENT_TYPE"] {
        #expect(!text.contains(forbidden), "\(file): \(forbidden)")
      }
      #expect(text.firstMatch(of: /\son[a-z]+=/) == nil, "\(file): a handler in an attribute")
      #expect(text.firstMatch(of: /<script(?![^>]*src=)/) == nil, "\(file): a script in the page")
      // Without quotes a text could add attributes of its own.
      #expect(text.firstMatch(of: /=\{\{/) == nil, "\(file): an attribute without quotes")
    }
  }

  @Test func eachPageSaysWhatItMayDo() async throws {
    try await Service.with { service in
      let (_, browser) = try await service.browsing()
      for uri in ["/log-in", "/sign-up", "/projects", "/nothing-here", "/projects/nothing"] {
        let page = try await browser.get(uri)
        let policy = page.header("Content-Security-Policy") ?? ""
        for part in [
          "default-src 'none'", "script-src 'self'", "base-uri 'none'", "frame-ancestors 'none'",
          "require-trusted-types-for 'script'", "trusted-types 'none'",
        ] {
          #expect(policy.contains(part), "\(uri): \(part)")
        }
        #expect(!policy.contains("unsafe"), "\(uri)")
        #expect(page.header("Referrer-Policy") == "same-origin", "\(uri)")
        #expect(page.header("Content-Type") == "text/html; charset=utf-8", "\(uri)")
      }
    }
  }

  /// Every form, whoever sends it.
  @Test func aFormFromElsewhereChangesNothing() async throws {
    try await Service.with { service in
      let (_, browser) = try await service.browsing()
      let before = try await service.number("SELECT count(*) AS n FROM log.events")
      for page in try service.served().pages where page.method == .post {
        let uri = page.path.replacing(/\{\w+\}/) { _ in UUID().uuidString.lowercased() }
        for headers in [
          ["Sec-Fetch-Site": "cross-site"], ["Sec-Fetch-Site": "same-site"], ["Sec-Fetch-Site": "none"], [:],
          ["Origin": "https://evil.example"], ["Origin": "null"], ["Origin": "http://127.0.0.1.evil.example"],
          ["Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1:8080"],
        ] {
          let answer = try await browser.post(uri, ["name": "x"], saying: headers)
          #expect(answer.status == 403, "\(uri) \(headers)")
        }
      }
      #expect(try await service.number("SELECT count(*) AS n FROM log.events") == before)
      let old = try await browser.post("/log-out", saying: ["Origin": "http://127.0.0.1:8080"])
      #expect(old.status == 303)
    }
  }

  /// Somebody on the way may speak for the host by plain http: that is no page of a server that is reached by https.
  @Test(arguments: [
    ("https://r.example", "https://r.example", true), ("https://r.example", "http://r.example", false),
    ("http://127.0.0.1:8080", "http://r.example", true), ("http://127.0.0.1:8080", "http://other.example", false),
    ("http://127.0.0.1:8080", "https://r.example", false),
  ])
  func whereABrowserSaysTheOriginAloneItIsOurs(_ address: String, _ origin: String, _ isTaken: Bool) {
    let head = HTTPRequest(
      method: .post, scheme: nil, authority: "r.example", path: "/log-out", headerFields: [.origin: origin])
    let request = Request(head: head, body: RequestBody(buffer: ByteBuffer()))
    let isOurs = (try? SameOrigin(address: address).check(request)) != nil
    #expect(isOurs == isTaken)
  }

  @Test func aPageThatIsWhatItWasIsNotSentAgain() async throws {
    try await Service.with { service in
      let (browser, _) = try await service.browsing(project: "shop")
      let page = try await browser.get("/projects?archived=yes")
      let tag = try #require(page.header("ETag"))
      let cookies = await browser.cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
      let again = try await service.send(
        .get, "/projects?archived=yes", headers: [.cookie: cookies, .ifNoneMatch: tag, .accept: "text/html"])
      #expect(again.status == 304 && again.text.isEmpty)
    }
  }
}
