import Foundation
import HTTPTypes
import TestDatabase
import Testing

/// A project that somebody looks at in a browser, and its key, which asks the API.
struct Analysed: Sendable {
  let service: Service
  let browser: Browser
  let project, key: String

  var path: String { "/projects/\(project)" }

  func page(_ query: String = "", _ part: String = "") async throws -> Answer {
    try await browser.get("\(path)\(part)\(query)")
  }

  /// The API's own answer.
  func api(_ part: String) async throws -> Answer {
    try await service.get("/api/v1/projects/\(project)/\(part)", key: key)
  }

  /// Tracks, and brings the read models along.
  func track(_ events: [EventText]) async throws {
    for chunk in stride(from: 0, to: events.count, by: 100) {
      let some = Array(events[chunk..<min(chunk + 100, events.count)])
      let answer = try await service.track(some.call(), key: key)
      #expect(answer.counts == Counts(accepted: some.count), "\(answer.text.prefix(500))")
    }
    try await service.catchUp()
  }
}

extension Service {
  /// Runs a test with somebody who looks at a project of theirs.
  static func analysing(_ body: @Sendable (Analysed) async throws -> Void) async throws {
    try await with { service in try await body(service.analysed()) }
  }

  func analysed(named name: String = "shop") async throws -> Analysed {
    let (browser, project) = try await browsing(project: name)
    let path = "/projects/\(project)/keys"
    let once = try await browser.get(path).text.hidden("once")
    let issued = try await browser.post(path, ["once": once, "name": "k", "scope-track": "on", "scope-read": "on"])
    try await catchUp()
    let shown = try await browser.get(try #require(issued.headers[.location])).text
    let key = String(try #require(shown.firstMatch(of: /sk_live_[A-Za-z0-9_-]+/)?.output))
    return Analysed(service: self, browser: browser, project: project, key: key)
  }
}

extension String {
  /// The value that a tile of a page shows.
  func figure(_ label: String) throws -> String {
    let found = firstMatch(
      of: try Regex("<a class=\"over\"[^>]*>\(label)</a>.*?<span class=\"value\">([^<]*)</span>").dotMatchesNewlines())
    return String(try #require(found?.output[1].substring, "no tile \(label)")).unescaped
  }

  /// Where the links of a page lead whose text is this.
  func links(_ text: String) -> [String] {
    matches(of: /<a [^>]*?href="([^"]*)"[^>]*>((?:[^<]|<span[^>]*>[^<]*<\/span>)*)<\/a>/).filter {
      String($0.output.2.replacing(/<[^>]*>/, with: "")).unescaped == text
    }.map { String($0.output.1).unescaped }
  }

  /// Without what HTML escapes.
  var unescaped: String {
    replacing("&quot;", with: "\"").replacing("&#39;", with: "'").replacing("&lt;", with: "<").replacing(
      "&gt;", with: ">"
    )
    .replacing("&amp;", with: "&")
  }

  /// The cells of a CSV of which none has a line break.
  var csv: [[String]] {
    components(separatedBy: "\r\n").filter { !$0.isEmpty }.map { $0.components(separatedBy: ",") }
  }
}
