import EventLog
import Foundation
import Postgres
import TestDatabase

extension Recounted {
  /// Moves months out of the database, those before one, and gives what reads them.
  func archiveAll(to folder: URL, before month: String) async throws -> ArchiveReader {
    // Of the migration's own day, empty, and older than the log.
    try await test.owner.query("DROP TABLE IF EXISTS log.batches_2024_12")
    var settings = test.database.settings
    settings.role = "recount_archiver"
    let pool = Pool(settings, size: 2, logger: Self.silent)
    do { try await Archiver(pool: pool, folder: ArchiveFolder(folder)).run(before: month) } catch {
      await pool.close()
      throw error
    }
    await pool.close()
    return ArchiveReader(ArchiveFolder(folder))
  }
}
