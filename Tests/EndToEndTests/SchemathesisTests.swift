import Foundation
import TestDatabase
import Testing

/// Thousands of requests, made up from /openapi.json by schemathesis: valid ones, ones that break each rule in turn, and nonsense.
@Suite(.enabled(if: Schemathesis.isInstalled, "needs schemathesis in .build/venv, where tools/test puts it"))
struct SchemathesisTests {
  @Test func nothingAnswersWithAServerErrorOrUndocumented() async throws {
    try await Installation.with(try await Cluster.shared()) { installation in
      let trial = try await Trial(of: "trial@example.com", in: installation)
      let victim = try await Trial(of: "victim@example.com", in: installation)
      let result = try await Schemathesis(port: installation.port, trial: trial, victim: victim).run()
      #expect(result.status == 0, "\(result.failures)")
    }
  }
}

/// A run of schemathesis, as tools/test.d configures it.
struct Schemathesis {
  let port: Int
  /// What tools/test.d/schemathesis_hooks.py is to use.
  let trial: Trial
  /// The same, for what may end.
  let victim: Trial

  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  private static let program = root.appending(path: ".build/venv/bin/st")

  static let isInstalled = FileManager.default.isExecutableFile(atPath: program.path)

  struct Result {
    let status: Int32
    /// What it says about them, with a curl command for each.
    let failures: String
  }

  func run() async throws -> Result {
    let process = Process()
    process.executableURL = Self.program
    process.currentDirectoryURL = Self.root.appending(path: "tools/test.d")
    process.arguments = [
      "--config-file", "schemathesis.toml", "run", "http://127.0.0.1:\(port)/openapi.json", "--no-color",
    ]
    process.environment = ProcessInfo.processInfo.environment.merging([
      "RECOUNT_TRIAL": try environment,
      // It would write its caches beside the hooks.
      "PYTHONDONTWRITEBYTECODE": "1",
    ]) { $1 }
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    process.standardInput = FileHandle.nullDevice
    let (status, text) = try await process.runToItsEnd(reading: output)
    return Result(status: status, failures: Self.failures(in: text))
  }

  private var environment: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.keyEncodingStrategy = .convertToSnakeCase
      return String(decoding: try encoder.encode(["trial": trial, "victim": victim]), as: UTF8.self)
    }
  }

  /// From the first failure on; all of it where it came to none.
  private static func failures(in text: String) -> String {
    guard let start = text.range(of: "= FAILURES =") ?? text.range(of: "= ERRORS =") else { return text }
    return String(text[start.lowerBound...])
  }
}
