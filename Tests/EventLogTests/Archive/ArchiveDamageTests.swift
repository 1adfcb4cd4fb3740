import Foundation
import Postgres
import TestDatabase
import Testing

@testable import EventLog

/// Files can be lost, cut or changed after their month has left the database.
@Suite(.timeLimit(.whatHangs)) struct ArchiveDamageTests {
  private static let kinds = ["missing", "cut off", "a byte changed", "not LZ4", "unreadable folder"]

  /// Any file of the first month that is archived.
  private func damage(_ kind: String, _ old: OldLog) throws -> URL {
    let name = try #require(try old.files().keys.filter { $0.hasPrefix("2025-01/shard") }.min())
    let url = old.folder.file(name)
    var data = try Data(contentsOf: url)
    switch kind {
    case "missing": try FileManager.default.removeItem(at: url)
    case "cut off": try data.dropLast(7).write(to: url)
    case "a byte changed":
      data[data.count / 2] ^= 1
      try data.write(to: url)
    case "not LZ4": try Data(repeating: 7, count: data.count).write(to: url)
    default: try FileManager.default.moveItem(at: old.folder.url, to: old.folder.url.appendingPathExtension("moved"))
    }
    return url
  }

  @Test(arguments: kinds) func whatIsWrongIsNamedWithFileAndMonthAndNothingElseBreaks(kind: String) async throws {
    try await OldLog.with { old in
      try await old.archive()
      let file = try damage(kind, old)
      let fault = try #require(try await old.verify().faults.first)
      #expect(fault.reason.contains(file.path) && fault.reason.contains("2025-01"), "\(fault.reason)")
      #expect(fault.reason.contains("put the file back"), "\(fault.reason)")
      let check = try await old.check()
      #expect(check.faults.contains { $0.description.contains(file.path) }, "\(check.faults)")
      let error = await #expect(throws: ArchiveError.self) { try await old.export(.cloudevents) }
      #expect(error?.description.contains(file.path) == true)

      // The rest of the log is as good as ever.
      let source = old.sources[0]
      let shard = old.test.shard(of: source)
      #expect(try await old.test.log.append([AppendUnit(.sample(source))], shard: shard)[0].accepted == 1)
      #expect(try await old.test.log.stream(old.stream(of: source)).count >= 1)
      let recent = try await old.test.number(
        "SELECT min(first_position) AS n FROM log.batches WHERE shard = \(Int32(shard))")
      #expect(try await old.verify(VerifyRange(shard: shard, from: Int64(recent))).faults.isEmpty)
      try? FileManager.default.removeItem(at: old.folder.url.appendingPathExtension("moved"))
    }
  }

  @Test func readersThatWereGivenNoArchiveSayWhatTheyLack() async throws {
    try await OldLog.with { old in
      try await old.archive()
      let report = try await Verify(pool: old.test.log.pool).run()
      #expect(report.faults.contains { $0.reason.contains("RECOUNT_ARCHIVE") })
      let error = await #expect(throws: ArchiveError.self) {
        try await Export(pool: old.test.log.pool, format: .batches).run { _ in }
      }
      #expect(error == .noFolder(month: "2025-01"))
    }
  }

  /// As the database's superuser, whom no grant stops.
  @Test(arguments: [
    (
      "a copy changed",
      "UPDATE log.archived_streams SET unit = jsonb_set(unit, '{data,0,tier}', '\"business\"') WHERE unit ->> 'type' = 'account_opened'"
    ),
    ("a copy removed", "DELETE FROM log.archived_streams"),
    (
      "a copy added",
      "INSERT INTO log.archived_streams SELECT shard, position + 1, recorded_at, unit FROM log.archived_streams ORDER BY position DESC LIMIT 1"
    ),
    ("a file forgotten", "DELETE FROM log.archive_frames WHERE month = '2025-01-01'"),
    ("a month forgotten", "DELETE FROM log.archives WHERE month = '2025-02-01'"),
    ("a sum changed", "UPDATE log.archives SET sha256 = hash_before"),
  ]) func whoeverTampersWithWhatTheDatabaseNotedIsFound(what: String, statement: String) async throws {
    try await OldLog.with { old in
      try await old.archive()
      try await old.test.owner.query(Query(statement))
      #expect(try await !old.verify().faults.isEmpty, "\(what)")
    }
  }

  /// Who changes the file and its sum in the database alike still meets the chain.
  @Test func aForgedFileWhoseSumWasForgedTooBreaksTheChain() async throws {
    try await OldLog.with { old in
      try await old.archive()
      let manifest = try Manifest(reading: old.folder.manifest("2025-01"), month: "2025-01")
      let entry = try #require(manifest.files.first)
      let file = ArchiveFile(folder: old.folder, month: "2025-01", file: entry.file)
      let frame = try #require(entry.frames.first)
      let text = try file.lines(start: frame.start, bytes: frame.bytes).map {
        String(decoding: $0, as: UTF8.self) + "\n"
      }
      .joined().replacing(#"\"status_code\": 200"#, with: #"\"status_code\": 500"#)
      let forged = try LZ4Frame.compress(Array(text.utf8))
      try Data(forged).write(to: old.folder.file(entry.file))
      let sum = try file.sum()
      let digest = try #require([UInt8](hex: sum.sha256))
      try await old.test.owner.query(
        "UPDATE log.archives SET sha256 = \(digest), bytes = \(sum.bytes) WHERE file = \(entry.file)")
      try await old.test.owner.query(
        "UPDATE log.archive_frames SET bytes = \(sum.bytes) WHERE month = '2025-01-01' AND shard = \(Int32(entry.shard))"
      )
      let fault = try #require(try await old.verify().faults.first)
      #expect(fault.shard == entry.shard && fault.reason.contains("does not match its hash"), "\(fault)")
      #expect(try await !old.check().faults.isEmpty)
    }
  }
}
