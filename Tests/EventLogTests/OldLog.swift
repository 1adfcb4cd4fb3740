import Domain
import Foundation
import Logging
import Postgres
import TestDatabase
import Testing

@testable import EventLog

/// A log of three months: two that are long past, which are about to be archived, and this one.
struct OldLog {
  let test: TestLog
  let folder: ArchiveFolder
  /// Two accounts, so that both shards are likely to hold something.
  let sources: [TelemetrySource]

  static let months = ["2025-01", "2025-02"]
  /// The first month that stays.
  static let kept = "2025-03"

  static func with(_ body: @Sendable (OldLog) async throws -> Void) async throws {
    try await TestLog.with { test in
      let url = FileManager.default.temporaryDirectory.appending(path: "recount-archive-\(UUID().uuidString)")
      let old = try await OldLog(test, ArchiveFolder(url))
      do { try await body(old) } catch {
        try? FileManager.default.removeItem(at: url)
        throw error
      }
      try? FileManager.default.removeItem(at: url)
    }
  }

  private init(_ test: TestLog, _ folder: ArchiveFolder) async throws {
    (self.test, self.folder) = (test, folder)
    var sources: [TelemetrySource] = []
    try await test.recorded(at: try .parse("2025-01-03T10:00:00Z")) {
      for tier in [Tier.pro, .free, .pro] { sources.append(try await test.account(tier: tier)) }
      try await Self.track(sources, test, at: "2025-01-03T10:00:00Z", counts: [1, 600, 400, 3])
    }
    try await test.recorded(at: try .parse("2025-02-28T23:00:00Z")) {
      try await Self.track(sources, test, at: "2025-02-28T22:59:00Z", counts: [700, 1, 300])
      try await Self.rename(sources[0], test)
    }
    try await Self.track(sources, test, at: nil, counts: [5, 2])
    // The month before the first was made along with it, and holds nothing.
    try await test.owner.query("DROP TABLE log.batches_2024_12")
    self.sources = sources
  }

  private static func track(
    _ sources: [TelemetrySource], _ test: TestLog, at text: String?, counts: [Int]
  ) async throws {
    let time = try text.map(Instant.parse) ?? .now
    for source in sources {
      for count in counts {
        let unit = TelemetryUnit.sample(source, count: count, identity: .batch(UUID(), digest: 1), at: time)
        _ = try await test.log.append([AppendUnit(unit)], shard: test.shard(of: source))
      }
    }
  }

  /// Two more domain events, of a stream of their own.
  private static func rename(_ source: TelemetrySource, _ test: TestLog) async throws {
    let stream = StreamID(
      name: "project-\(source.projectID)", shard: test.shard(of: source), accountID: source.accountID,
      projectID: source.projectID)
    try await test.log.handle(
      .create(id: source.projectID, accountID: source.accountID, name: #"a "quoted" \ name"#), by: Project.self,
      on: stream)
  }

  /// The stream of an account opened in the first month.
  func stream(of source: TelemetrySource) -> StreamID {
    StreamID(name: "account-\(source.accountID)", shard: test.shard(of: source), accountID: source.accountID)
  }

  /// Connections under a role.
  func pool(as role: String) -> Pool {
    var settings = test.database.settings
    settings.role = role
    return Pool(settings, size: 2, logger: Logger(label: "archive") { _ in SwiftLogNoOpLogHandler() })
  }

  func withArchiver<T: Sendable>(_ body: @Sendable (Archiver) async throws -> T) async throws -> T {
    let pool = pool(as: "recount_archiver")
    do {
      let value = try await body(Archiver(pool: pool, folder: folder))
      await pool.close()
      return value
    } catch {
      await pool.close()
      throw error
    }
  }

  func archive(before month: String = kept) async throws { try await withArchiver { try await $0.run(before: month) } }

  var reader: ArchiveReader { ArchiveReader(folder) }

  /// All that leaves the log, as the auditor sees it.
  func export(_ format: ExportFormat, filter: ExportFilter = ExportFilter()) async throws -> [String] {
    let pool = pool(as: "recount_auditor")
    var lines: [String] = []
    do {
      _ = try await Export(pool: pool, format: format, filter: filter, archive: reader).run { lines.append($0) }
    } catch {
      await pool.close()
      throw error
    }
    await pool.close()
    return lines
  }

  func verify(_ range: VerifyRange = VerifyRange()) async throws -> VerifyReport {
    let pool = pool(as: "recount_auditor")
    let report = try await Verify(pool: pool, range: range, archive: reader).run()
    await pool.close()
    return report
  }

  func check() async throws -> ArchiveCheck.Report { try await ArchiveCheck(pool: test.owner, folder: folder).run() }

  /// Months whose batches are in the database.
  func monthsHeld() async throws -> [String] {
    try await test.owner.query("SELECT to_char(month, 'YYYY-MM') AS month FROM log.months_held()").map {
      try $0.decode("month")
    }
  }

  /// The files below the folder, by name.
  func files() throws -> [String: Data] {
    var files: [String: Data] = [:]
    for name in (try? FileManager.default.subpathsOfDirectory(atPath: folder.url.path)) ?? [] {
      if let data = FileManager.default.contents(atPath: folder.file(name).path) { files[name] = data }
    }
    return files
  }
}
