import Foundation
import Testing

/// The Stripe to test against (tools/fake-stripe), in a process of its own that ends with the test.
final class TestStripe: Sendable {
  /// What it says of itself when it starts.
  private struct Said: Decodable {
    let address, apiKey, webhookSecret: String
  }

  let address: String
  /// What tells Recount of it.
  let environment: [String: String]
  private let process: Process
  /// It ends when this does.
  private let leash = Pipe()

  /// - Parameter deliver: `auto`, or `manual` where the test says what is delivered when
  static func with<T>(deliver: String, _ body: (TestStripe) async throws -> T) async throws -> T {
    let stripe = try TestStripe(deliver: deliver)
    defer { kill(stripe.process.processIdentifier, SIGKILL) }
    return try await body(stripe)
  }

  private init(deliver: String) throws {
    process = Process()
    let output = Pipe()
    process.executableURL = Self.program
    process.arguments = ["--until-stdin-closes", "--deliver", deliver]
    process.standardInput = leash
    process.standardOutput = output
    try process.run()
    var line = Data()
    while line.last != UInt8(ascii: "\n") {
      let more = output.fileHandleForReading.availableData
      guard !more.isEmpty else { throw CocoaError(.executableLoad) }
      line += more
    }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let said = try decoder.decode(Said.self, from: line)
    address = said.address
    environment = [
      "STRIPE_API_BASE": said.address, "STRIPE_API_KEY": said.apiKey, "STRIPE_WEBHOOK_SECRETS": said.webhookSecret,
    ]
  }

  /// Has an installation sell tiers through it, and deliveries come there.
  func sell(through installation: Installation) async throws {
    let result = try await installation.run(
      ["billing", "setup"], with: ["RECOUNT_PUBLIC_URL": "http://127.0.0.1:\(installation.port)"])
    try #require(result.status == 0, "\(result.output)")
  }

  private static let program = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "tools/fake-stripe")
}
