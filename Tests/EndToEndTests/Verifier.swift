import Foundation
import Testing

/// tools/verify_log.py, run as an auditor runs it: with Python's standard library alone.
enum Verifier {
  struct Result {
    let status: Int32
    let output: String
  }

  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// Checks an export given on standard input, with more arguments if need be.
  static func run(_ export: String, _ more: [String] = []) async throws -> Result {
    let file = FileManager.default.temporaryDirectory.appending(path: "export-\(UUID().uuidString).jsonl")
    try export.write(to: file, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(at: file) }
    let verifier = root.appending(path: "tools/verify_log.py").path
    return try await python([verifier, "-"] + more, input: try FileHandle(forReadingFrom: file))
  }

  /// Checks what is in files.
  static func run(_ arguments: [String]) async throws -> Result {
    try await python([root.appending(path: "tools/verify_log.py").path] + arguments, input: .nullDevice)
  }

  /// Its own tests.
  static func runItsTests() async throws -> Result {
    let folder = root.appending(path: "Tests/VerifierTests").path
    return try await python(["-m", "unittest", "discover", folder], input: .nullDevice)
  }

  private static func python(_ arguments: [String], input: FileHandle) async throws -> Result {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    // Isolated and without site packages: nothing but what Python brings.
    process.arguments = ["python3", "-I", "-S", "-B"] + arguments
    process.environment = ProcessInfo.processInfo.environment.merging(["PYTHONIOENCODING": "utf-8"]) { $1 }
    process.standardInput = input
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    let (status, text) = try await process.runToItsEnd(reading: output)
    return Result(status: status, output: text)
  }
}
