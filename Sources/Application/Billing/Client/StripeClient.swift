import Domain
import Foundation
package import Logging

/// Calls Stripe: form encoded, under one version of its API, each change with a key by which it happens once.
///
/// A call whose answer is lost, or that comes too fast, is made again with the same key, which to Stripe is the same call. A 500 it would
/// only answer again for that key: that is for the caller, who looks what became of the object (``make(_:_:key:unless:)``).
package struct StripeClient: Sendable {
  /// What bodies look like, and what calls may say.
  package static let version = "2026-10-28.endive"

  package let settings: BillingSettings
  let logger: Logger
  private let transport = StripeTransport()

  package init(_ settings: BillingSettings, logger: Logger) {
    self.settings = settings
    self.logger = logger
  }

  package func get(_ path: String, _ query: StripeForm = [:]) async throws -> StripeReply {
    try await call("GET", query.isEmpty ? path : "\(path)?\(query.encoded)", body: nil, key: nil)
  }

  package func post(_ path: String, _ form: StripeForm = [:], key: String?) async throws -> StripeReply {
    // One is drawn where the caller has none: a lost answer must not make a second of anything.
    try await call("POST", path, body: form.encoded, key: key ?? UUID().text)
  }

  package func delete(_ path: String) async throws -> StripeReply {
    try await call("DELETE", path, body: nil, key: nil)
  }

  /// One attempt. Throws ``StripeFailure``.
  func attempt(
    _ method: String, _ path: String, body: String?, key: String?
  ) async throws -> (came: StripeTransport.Came, answer: StripeReply?) {
    var headers = [
      ("Authorization", "Bearer \(settings.key)"), ("Stripe-Version", Self.version), ("User-Agent", "Recount/1"),
    ]
    if body != nil { headers.append(("Content-Type", "application/x-www-form-urlencoded")) }
    if let key { headers.append(("Idempotency-Key", key)) }
    let sent = StripeTransport.Sent(
      method: method, url: settings.base + path, headers: headers, body: body, seconds: Self.attemptSeconds)
    let came: StripeTransport.Came
    do { came = try await transport.send(sent) } catch {
      if Task.isCancelled { throw CancellationError() }
      throw StripeFailure(status: nil, message: "\(error)")
    }
    guard (200..<300).contains(came.status) else { return (came, nil) }
    return (came, try Self.answer(came))
  }

  /// Stripe's own libraries wait eighty seconds; the people who wait here would not.
  private static let attemptSeconds: Int64 = 20

  private static func answer(_ came: StripeTransport.Came) throws -> StripeReply {
    guard let json = try? JSONValue(parsing: came.body) else {
      throw StripeFailure(
        status: nil, message: "the answer is no JSON: is STRIPE_API_BASE right?", requestID: came.headers["request-id"])
    }
    return StripeReply(
      body: came.body, json: StripeJSON(json),
      date: came.headers["date"].flatMap(HTTPDate.instant) ?? SystemClock().now.toSecond,
      requestID: came.headers["request-id"], apiVersion: came.headers["stripe-version"])
  }

  static func failure(_ came: StripeTransport.Came) -> StripeFailure {
    let error = StripeJSON((try? JSONValue(parsing: came.body)) ?? .null)["error"]
    // Of an address it quotes it, and logs are kept in clear.
    let isOfAddress = error["param"].string?.contains("email") ?? false
    let message = isOfAddress ? "it does not take the e-mail address" : error["message"].string ?? "no reason was given"
    return StripeFailure(
      status: came.status, type: error["type"].string, code: error["code"].string,
      message: String(message.prefix(500)),
      requestID: came.headers["request-id"])
  }
}
