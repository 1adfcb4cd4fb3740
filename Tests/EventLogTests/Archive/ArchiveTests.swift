import Domain
import Foundation
import Postgres
import TestDatabase
import Testing

@testable import EventLog

/// What has left the database is read as if it had not.
@Suite(.timeLimit(.whatHangs)) struct ArchiveTests {
  @Test func theLogReadsTheSameBeforeAndAfterByteForByte() async throws {
    try await OldLog.with { old in
      var before: [ExportFormat: [String]] = [:]
      for format in ExportFormat.allCases { before[format] = try await old.export(format) }
      let verified = try await old.verify()
      #expect(verified.faults.isEmpty)

      try await old.archive()
      #expect(try await old.monthsHeld().allSatisfy { $0 >= OldLog.kept })
      for format in ExportFormat.allCases { #expect(try await old.export(format) == before[format]) }
      #expect(try await old.verify() == verified)
      #expect(try await old.check().faults.isEmpty)
    }
  }

  @Test func filtersReachIntoTheArchive() async throws {
    try await OldLog.with { old in
      let filters = [
        ExportFilter(accountID: old.sources[1].accountID), ExportFilter(projectID: old.sources[0].projectID),
        ExportFilter(to: try Instant.parse("2025-02-01T00:00:00Z")),
        ExportFilter(from: try Instant.parse("2025-02-01T00:00:00Z")),
        ExportFilter(type: "project_created"),
      ]
      var before: [[String]] = []
      for filter in filters { before.append(try await old.export(.cloudevents, filter: filter)) }
      try await old.archive()
      for (filter, lines) in zip(filters, before) {
        #expect(!lines.isEmpty)
        #expect(try await old.export(.cloudevents, filter: filter) == lines)
      }
    }
  }

  @Test func anyRangeVerifiesAsBefore() async throws {
    try await OldLog.with { old in
      let heads = try await old.test.owner.query("SELECT shard, last_position FROM log.heads WHERE last_position > 0")
      var ranges: [VerifyRange] = []
      for row in heads {
        let (shard, end) = (try row.decode("shard", as: Int.self), try row.decode("last_position", as: Int64.self))
        for from in [nil, 1, 2, end / 3, end / 2, end] as [Int64?] {
          ranges.append(VerifyRange(shard: shard, from: from.map { max(1, $0) }))
          ranges.append(VerifyRange(shard: shard, from: from.map { max(1, $0) }, to: max(from ?? 1, end * 3 / 4)))
        }
      }
      var before: [VerifyReport] = []
      for range in ranges { before.append(try await old.verify(range)) }
      try await old.archive()
      for (range, report) in zip(ranges, before) {
        #expect(report.faults.isEmpty)
        #expect(try await old.verify(range) == report, "\(range)")
      }
    }
  }

  @Test func aFileHoldsTheLinesOfTheExportAndTheManifestSaysWhichAndTheyAreTheSameEachTime() async throws {
    try await OldLog.with { old in
      let lines = try await old.export(.batches)
      try await old.archive()
      let manifests = try OldLog.months.map { try Manifest(reading: old.folder.manifest($0), month: $0) }
      let archived = try manifests.flatMap(\.files).sorted {
        ($0.shard, $0.firstPosition) < ($1.shard, $1.firstPosition)
      }
      .flatMap { file in
        let archived = ArchiveFile(folder: old.folder, month: "", file: file.file)
        return try file.frames.flatMap { try archived.lines(start: $0.start, bytes: $0.bytes) }
      }.map { String(decoding: $0, as: UTF8.self) }
      #expect(archived == lines.filter { archived.contains($0) }, "in the order of the export")
      let held = try await old.test.number("SELECT count(*) AS n FROM log.batches")
      #expect(archived.count == lines.count - held)
      #expect(manifests.map(\.month) == OldLog.months)
    }
  }

  @Test func streamsLoadAndGoOnAfterTheirMonthIsArchived() async throws {
    try await OldLog.with { old in
      let source = old.sources[1]
      let stream = old.stream(of: source)
      let before = try await old.test.log.load(Account.self, from: stream)
      #expect(before.version > 0)
      try await old.archive()
      let after = try await old.test.log.load(Account.self, from: stream)
      #expect(after.version == before.version)
      #expect("\(after.state)" == "\(before.state)")
      // A decider decides on what was archived: the account is open already.
      await #expect(throws: (any Error).self) {
        try await old.test.log.handle(
          .open(id: source.accountID, tier: .pro, owner: UUID()), by: Account.self, on: stream)
      }
      _ = try await old.test.log.append([AppendUnit(.sample(source))], shard: old.test.shard(of: source))
      #expect(try await old.verify().faults.isEmpty)
    }
  }

  @Test func monthsGoInOrderAndNeverOneThatIsNotOverSinceADay() async throws {
    try await OldLog.with { old in
      try await old.archive(before: "2025-02")
      #expect(try await old.monthsHeld().contains("2025-02"))
      #expect(try await !old.monthsHeld().contains("2025-01"))
      try await old.archive(before: "9999-12")
      let now = CalendarMonth(of: Instant.now)
      #expect(try await old.monthsHeld().contains(now.description))
      #expect(try await old.verify().faults.isEmpty)
      // A clock that goes back does not bring an archived month back.
      try await old.test.log.turnMonths(
        now: try Instant.parse("2025-02-10T00:00:00Z"))
      #expect(try await !old.monthsHeld().contains("2025-02"))
    }
  }

  @Test func sizesAreTold() async throws {
    try await OldLog.with { old in
      try await old.archive()
      let months = try await MonthSize.all(old.test.owner)
      let archived = months.filter(\.isArchived)
      #expect(archived.map(\.month).filter { OldLog.months.contains($0) } == OldLog.months)
      for month in archived where OldLog.months.contains(month.month) {
        #expect(month.events > 0 && month.databaseBytes > 0)
        let (archive, text) = (try #require(month.archiveBytes), try #require(month.textBytes))
        #expect(archive > 0 && archive < text)
      }
      #expect(months.contains { !$0.isArchived && $0.events > 0 && $0.archiveBytes == nil })
    }
  }
}
