import Foundation
import FoundationNetworking
import Testing

extension TestStripe {
  /// A webhook that Stripe would send.
  struct Delivery: Decodable, Sendable {
    let id: String
    let body: String
    let headers: [String: String]

    func isOf(_ type: String) -> Bool { body.contains(#""type": "\#(type)""#) }

    /// Sends it; the status that it was answered with, nil where nobody answered.
    func send(to port: Int) async -> Int? {
      guard let url = URL(string: "http://127.0.0.1:\(port)/webhooks/stripe") else { return nil }
      var request = URLRequest(url: url, timeoutInterval: 60)
      request.httpMethod = "POST"
      for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
      request.httpBody = Data(body.utf8)
      let answer = try? await URLSession.shared.data(for: request).1 as? HTTPURLResponse
      return answer?.statusCode
    }
  }

  /// What of all its objects a test asks for.
  private struct State: Decodable {
    struct Objects: Decodable {
      let price: [String: Price]
      let invoice: [String: Invoice]?
    }
    struct Price: Decodable {
      let id: String
      let metadata: [String: String]
    }
    struct Invoice: Decodable {
      let id, customer, status: String
    }
    let objects: Objects
  }

  private struct Calls: Decodable {
    struct Call: Decodable { let path: String }
    let calls: [Call]
  }

  /// The test's hand: what /_test/… answers to a wish.
  @discardableResult
  func ask(_ path: String, _ wish: String) async throws -> HTTP.Reply {
    let reply = try await HTTP.send("POST", port: try port, "/_test/\(path)", body: wish)
    try #require(reply.status == 200, "\(path): \(String(decoding: reply.body, as: UTF8.self))")
    return reply
  }

  /// The price of a tier.
  func price(of tier: String) async throws -> String {
    try #require(try await state().price.values.first { $0.metadata["recount_tier"] == tier }?.id)
  }

  /// A customer's invoice that is to be paid.
  func openInvoice(of customer: String) async throws -> String {
    try #require(try await state().invoice?.values.first { $0.customer == customer && $0.status == "open" }?.id)
  }

  private func state() async throws -> State.Objects {
    try JSONDecoder().decode(State.self, from: try await get("state")).objects
  }

  /// The next call of a path is heard, and never answered.
  ///
  /// - Parameter isDone: what it asks for is done all the same.
  func fallSilent(_ method: String, _ path: String, isDone: Bool = false) async throws {
    _ = try await HTTP.send("DELETE", port: try port, "/_test/calls")
    try await ask(
      "faults",
      #"{"method": "\#(method)", "path": "\#(path)*", "kind": "timeout", "seconds": 600, "after": \#(isDone)}"#)
  }

  /// Until such a call was made.
  func isCalled(_ method: String, _ path: String) async throws {
    try await eventually("\(method) \(path) was called") {
      let found = try JSONDecoder().decode(Calls.self, from: try await get("calls?method=\(method)"))
      return found.calls.contains { $0.path.hasPrefix(path) }
    }
  }

  func get(_ path: String) async throws -> Data {
    try await HTTP.get(port: try port, path: "/_test/\(path)", key: "")
  }

  private var port: Int { get throws { try #require(URL(string: address)?.port) } }
}
