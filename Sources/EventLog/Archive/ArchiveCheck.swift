import Domain
import Foundation
package import Postgres

/// Reads every archive file as a whole and holds it against its manifest and against what the database noted when the month left:
/// what `recount archive verify` does. The database is not asked to compute anything; `recount audit verify` does that, over all of
/// the log.
package struct ArchiveCheck: Sendable {
  let pool: Pool
  let folder: ArchiveFolder

  /// Over connections of any role that may read the log.
  package init(pool: Pool, folder: ArchiveFolder) {
    self.pool = pool
    self.folder = folder
  }

  /// What was found.
  package struct Report: Sendable, Equatable {
    /// Archived months.
    package var months = 0
    /// Files that hold what they should.
    package var files = 0
    /// Events in them.
    package var events: Int64 = 0
    /// What is wrong, each with its file and month.
    package var faults: [ArchiveError] = []
  }

  /// Checks all of it. `progress` hears of events checked and events in all.
  package func run(progress: @Sendable (Int64, Int64) -> Void = { _, _ in }) async throws -> Report {
    var report = Report()
    let months = try await noted()
    let total = months.flatMap(\.files).reduce(0) { $0 + $1.events }
    for month in months {
      report.months += 1
      report.faults += manifestFault(of: month).map { [$0] } ?? []
      for file in month.files {
        if let fault = fault(of: file, in: month) { report.faults.append(fault) } else { report.files += 1 }
        report.events += file.events
        progress(report.events, total)
      }
    }
    return report
  }

  /// A month as the database noted it.
  private struct Noted: Sendable {
    let month: String
    let times: Range<Instant>
    let files: [Manifest.File]
  }

  private func noted() async throws -> [Noted] {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try await pool.query(
      """
      SELECT to_char(m.month, 'YYYY-MM') AS month, log.archive_files(m.month)::text AS files,
        m.month::timestamp AT TIME ZONE 'UTC' AS begins, (m.month + interval '1 month') AT TIME ZONE 'UTC' AS ends
      FROM log.archived_months AS m
      ORDER BY m.month
      """
    ).map { row in
      Noted(
        month: try row.decode("month"),
        times: try row.decode("begins", as: Instant.self)..<row.decode("ends", as: Instant.self),
        files: try decoder.decode([Manifest.File].self, from: Data(row.decode("files", as: String.self).utf8)))
    }
  }

  private func manifestFault(of month: Noted) -> ArchiveError? {
    guard !month.files.isEmpty else { return nil }
    let url = folder.manifest(month.month)
    do {
      guard try Manifest(reading: url, month: month.month).files != month.files else { return nil }
      return .altered(month: month.month, path: url.path, reason: "it is not what the database noted")
    } catch let error as ArchiveError { return error } catch {
      return .missing(month: month.month, path: url.path, reason: "\(error)")
    }
  }

  private func fault(of file: Manifest.File, in month: Noted) -> ArchiveError? {
    let archived = ArchiveFile(folder: folder, month: month.month, file: file.file)
    do {
      return try archived.fault(against: file, times: month.times).map { archived.altered($0) }
    } catch let error as ArchiveError { return error } catch {
      return .missing(month: month.month, path: archived.path, reason: "\(error)")
    }
  }
}
