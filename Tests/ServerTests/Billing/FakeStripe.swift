import Domain
import Foundation
import TestDatabase

@testable import Application

/// The Stripe to test against (tools/fake-stripe), in a process of its own that ends with the test.
final class FakeStripe: Sendable {
  /// What it says of itself when it starts.
  struct Address: Decodable, Sendable {
    let address: String
    let apiKey: String
    let webhookSecret: String
    let account: String
    let prices: [String: String]
  }

  let address: Address
  private let process: Process
  /// It ends when this does.
  private let leash: Pipe
  private let transport = StripeTransport()

  /// Runs a test against a fresh one, whose clock stands at a time until the test moves it.
  ///
  /// - Parameter key: the one that it is asked with, such as one of live mode; nil: one of test mode.
  static func with<T>(
    at time: Instant, installation: String, key: String? = nil, _ body: (FakeStripe) async throws -> T
  ) async throws -> T {
    let stripe = try FakeStripe(at: time, installation: installation, key: key)
    defer { stripe.stop() }
    try await stripe.test("settings", #"{"signature_clock": "own"}"#)
    return try await body(stripe)
  }

  private init(at time: Instant, installation: String, key: String?) throws {
    process = Process()
    leash = Pipe()
    let output = Pipe()
    process.executableURL = Self.program
    process.arguments = [
      "--port", "0", "--until-stdin-closes", "--installation", installation, "--clock", "\(time.seconds)",
    ]
    if let key { process.arguments? += ["--key", key] }
    process.standardInput = leash
    process.standardOutput = output
    try process.run()
    var line = Data()
    while line.last != UInt8(ascii: "\n") {
      let more = output.fileHandleForReading.availableData
      guard !more.isEmpty else { throw NoStripe() }
      line += more
    }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    address = try decoder.decode(Address.self, from: line)
  }

  // Neither the pipe's end nor waitUntilExit would do: a database that was started meanwhile has inherited both.
  private func stop() { kill(process.processIdentifier, SIGKILL) }

  private struct NoStripe: Error, CustomStringConvertible {
    let description = "tools/fake-stripe did not start: it needs python3"
  }

  private static let program = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "tools/fake-stripe")

  /// What talks to it, with an endpoint's secret in the settings.
  func settings(secrets: [String]? = nil, tax: TaxBehavior? = nil) throws -> BillingSettings {
    try BillingSettings(
      key: address.apiKey, secrets: (secrets ?? [address.webhookSecret]).joined(separator: ","), base: address.address,
      tax: tax?.rawValue)
  }

  /// The test's hand: what /_test/… answers.
  @discardableResult
  func test(_ path: String, _ body: String) async throws -> JSON { try await send("POST", "/_test/\(path)", body) }

  func state() async throws -> JSON { try await send("GET", "/_test/state", nil)["objects"] }

  /// Calls that were made of a path.
  func calls(_ method: String, _ path: String) async throws -> [JSON] {
    try await send("GET", "/_test/calls?method=\(method)&path=\(path)", nil)["calls"].elements
  }

  /// All calls that were made.
  func calls() async throws -> [JSON] { try await send("GET", "/_test/calls", nil)["calls"].elements }

  private func send(_ method: String, _ path: String, _ body: String?) async throws -> JSON {
    let came = try await transport.send(
      StripeTransport.Sent(
        method: method, url: address.address + path, headers: [("Content-Type", "application/json")], body: body,
        seconds: 60))
    guard came.status == 200 else { throw Refused(text: "\(path): \(String(decoding: came.body, as: UTF8.self))") }
    return try JSONDecoder().decode(JSON.self, from: Data(came.body))
  }

  struct Refused: Error {
    let text: String
  }
}
