import Domain
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Server
import TestDatabase
import Testing

/// A browser without a screen: keeps cookies, says where its forms come from, and follows where it is led.
actor Browser {
  private let service: Service
  private(set) var cookies: [String: String] = [:]

  init(_ service: Service) { self.service = service }

  /// As a browser asks for a page.
  func get(_ uri: String) async throws -> Answer {
    keep(try await service.send(.get, uri, headers: headers(["Accept": "text/html,application/xhtml+xml"])))
  }

  /// As it asks for a page that it has kept.
  func get(_ uri: String, having tag: String) async throws -> Answer {
    keep(try await service.send(.get, uri, headers: headers(["Accept": "text/html", "If-None-Match": tag])))
  }

  /// Sends a form from a page of the server, and goes where it is led.
  func submit(_ uri: String, _ fields: [String: String] = [:]) async throws -> Answer {
    let answer = try await post(uri, fields)
    guard answer.status == 303, let next = answer.headers[.location] else { return answer }
    return try await get(next)
  }

  /// The answer to a form itself.
  func post(
    _ uri: String, _ fields: [String: String] = [:], saying more: [String: String] = ["Sec-Fetch-Site": "same-origin"]
  ) async throws -> Answer {
    let body = fields.map { "\(Self.encoded($0.key))=\(Self.encoded($0.value))" }.joined(separator: "&")
    let type = ["Content-Type": "application/x-www-form-urlencoded"].merging(more) { $1 }
    return keep(
      try await service.send(.post, uri, headers: headers(type), body: ByteBuffer(string: body)))
  }

  /// Becomes what another browser is: a stolen cookie, or a second tab.
  func show(_ cookies: [String: String]) { self.cookies = cookies }

  private func keep(_ answer: Answer) -> Answer {
    for line in answer.headers[values: .setCookie] {
      guard let pair = line.split(separator: ";").first else { continue }
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      let isGone = line.contains("Max-Age=0")
      cookies[parts[0]] = isGone ? nil : parts.count > 1 ? parts[1] : ""
    }
    return answer
  }

  private func headers(_ more: [String: String]) -> HTTPFields {
    var fields: HTTPFields = [:]
    if !cookies.isEmpty {
      fields[.cookie] = cookies.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
    }
    for (name, value) in more {
      if let name = HTTPField.Name(name) { fields[name] = value }
    }
    return fields
  }

  static func encoded(_ text: String) -> String {
    text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
  }
}

extension Service {
  /// Somebody who has signed up, and is logged in with a browser.
  ///
  /// - Parameter names: the read models that there are; nil: all.
  func browsing(
    _ email: String? = nil, knowing names: [String]? = nil
  ) async throws -> (person: SignedUp, browser: Browser) {
    let person = try await verified(email)
    try await catchUp(only: names)
    let browser = Browser(self)
    let answer = try await browser.post("/log-in", ["email": person.email, "password": person.password])
    #expect(answer.status == 303 && answer.headers[.location] == "/home")
    return (person, browser)
  }

  /// Waits until the server has seen that all read models are there, which it looks for once a second while some are not: from then on pages have their
  /// tags before they are made.
  func settled(seenBy browser: Browser) async throws {
    try await eventually("the server knows all read models") {
      try await browser.get("/home").header("ETag")?.contains("-") == true
    }
  }

  /// The same with a project, known to the directory: the project's id.
  func browsing(project name: String) async throws -> (browser: Browser, project: String) {
    let (_, browser) = try await browsing()
    let page = try await browser.get("/projects").text
    let answer = try await browser.post(
      "/projects", ["account": try page.hidden("account"), "once": try page.hidden("once"), "name": name])
    let path = try #require(answer.headers[.location])
    try await catchUp()
    return (browser, String(try #require(path.split(separator: "/").dropFirst().first)))
  }
}

extension String {
  /// The value of a hidden field of a page.
  func hidden(_ name: String) throws -> String {
    let found = firstMatch(of: try Regex("name=\"\(name)\" value=\"([^\"]*)\""))
    return String(try #require(found?.output[1].substring, "no field \(name): \(prefix(3_000))"))
  }
}
