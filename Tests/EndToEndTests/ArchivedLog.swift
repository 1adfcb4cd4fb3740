import Domain
import EventLog
import Foundation
import Postgres
import TestDatabase
import Testing

/// A log of two past months and this one, and the program that is to archive them.
struct ArchivedLog {
  let test: TestLog
  /// Where the program keeps its data.
  let data: URL
  let program: Program
  var folder: URL { data.appending(path: "archive") }

  static let months = ["2025-01", "2025-02"]
  /// The first month that stays.
  static let kept = "2025-03"

  static func with(_ body: @Sendable (ArchivedLog) async throws -> Void) async throws {
    let data = FileManager.default.temporaryDirectory.appending(path: "recount-archive-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: data, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: data) }
    try await TestLog.with { test in
      let log = ArchivedLog(test: test, data: data)
      try await log.fill()
      try await body(log)
    }
  }

  private init(test: TestLog, data: URL) {
    (self.test, self.data) = (test, data)
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    program = Program(environment: [
      "DATABASE_URL": test.database.string, "RECOUNT_DATA": data.path, "RECOUNT_HOME": root.path, "LOG_LEVEL": "error",
    ])
  }

  private func fill() async throws {
    let times = try Self.months.map { try Instant.parse("\($0)-20T08:00:00Z") }
    var source: TelemetrySource?
    for time in times {
      try await test.recorded(at: time) {
        let account = if let source { source } else { try await test.account(tier: .business) }
        source = account
        for _ in 0..<25 { try await track(account, at: time) }
      }
    }
    if let source { try await track(source, at: .now) }
    try await test.owner.query("DROP TABLE log.batches_2024_12")
  }

  private func track(_ source: TelemetrySource, at time: Instant) async throws {
    let unit = TelemetryUnit.sample(source, count: 2_000, identity: .batch(UUID(), digest: 1), at: time)
    _ = try await test.log.append([AppendUnit(unit)], shard: test.shard(of: source))
  }

  func export() async throws -> String {
    let export = try await program.run(["audit", "export"])
    #expect(export.status == 0)
    return export.output
  }

  func isHeld(_ month: String) async throws -> Bool {
    let table = "log.batches_\(month.replacing("-", with: "_"))"
    return try await test.owner.query("SELECT to_regclass(\(table)) IS NOT NULL AS held").first?.decode("held") ?? false
  }

  func exists(_ file: String) -> Bool { FileManager.default.fileExists(atPath: folder.appending(path: file).path) }

  /// Starts `recount archive` and kills it with SIGKILL as soon as a condition comes true. Returns whether it was still running then.
  func kill9(when isDue: @Sendable () async throws -> Bool) async throws -> Bool {
    let process = try program.start(
      ["archive", "run", "--before", Self.kept], output: data.appending(path: "killed.txt"))
    let deadline = ContinuousClock.now + .seconds(120)
    while process.isRunning, try await !isDue() {
      guard ContinuousClock.now < deadline else {
        Issue.record("the archiver did not get there within two minutes")
        break
      }
      await Task.yield()
    }
    let wasRunning = process.isRunning
    kill(process.processIdentifier, SIGKILL)
    await withCheckedContinuation { continuation in
      Thread.detachNewThread {
        process.waitUntilExit()
        continuation.resume()
      }
    }
    return wasRunning
  }
}
