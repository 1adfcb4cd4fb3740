import Foundation
package import Postgres
import Synchronization

/// Reads archived months as if they were still in the database.
///
/// Whoever reads the log at an old position calls ``bring(_:shard:after:)`` in the transaction that it reads in: the frame of the archive
/// file that holds what follows is read, and its batches given to the database as a setting of that transaction, where all of the
/// log's functions see them (`SQL/objects/read/batches_at_hand.sql`). So verification, exports, replays and rebuilds run the same SQL over
/// archive and database; nothing is written anywhere; a frame's few megabytes are all that is held at a time.
package struct ArchiveReader: Sendable {
  /// Where the files lie.
  package let folder: ArchiveFolder
  private let proven = ProvenFiles()

  /// A reader. It does not look at the folder until something archived is asked for.
  package init(_ folder: ArchiveFolder) { self.folder = folder }

  /// Makes the batches after a position readable in the transaction that is open on the connection. Returns the last position that
  /// then is; nil when what follows has not been archived. Throws ``ArchiveError``, `PostgresError`.
  package nonisolated(nonsending) func bring(
    _ connection: Connection, shard: Int, after: Int64
  ) async throws -> Int64? {
    guard let frame = try await ArchivedFrame.holding(after + 1, of: shard, connection) else { return nil }
    let file = ArchiveFile(folder: folder, month: frame.month, file: frame.file)
    try proven.prove(file, is: frame.sha256, bytes: frame.fileBytes)
    var text: [UInt8] = []
    for line in try file.lines(start: frame.start, bytes: frame.bytes) {
      guard let tabbed = BatchLine(line)?.tabbed else {
        throw file.altered("it holds a line that is no batch")
      }
      if !text.isEmpty { text.append(UInt8(ascii: "\n")) }
      text += tabbed
    }
    try await connection.query(
      "SELECT set_config('recount.archived', \(String(decoding: text, as: UTF8.self)), true) IS NULL")
    return frame.lastPosition
  }

  /// The same for readers that may have been given no archive, which is an error only when they need one.
  @discardableResult
  package static nonisolated(nonsending) func bring(
    from archive: ArchiveReader?, _ connection: Connection, shard: Int, after: Int64
  ) async throws -> Int64? {
    if let archive { return try await archive.bring(connection, shard: shard, after: after) }
    if let frame = try await ArchivedFrame.holding(after + 1, of: shard, connection) {
      throw ArchiveError.noFolder(month: frame.month)
    }
    return nil
  }

  /// Keeps every month where it is until the transaction ends: for readers of more than one statement.
  package static nonisolated(nonsending) func keepMonths(_ connection: Connection) async throws {
    try await connection.query("SELECT pg_advisory_xact_lock_shared(hashtext('recount archive')) IS NULL")
  }
}

/// Where a stretch of a shard's log lies in the archive.
private struct ArchivedFrame {
  let month: String
  let file: String
  let fileBytes: Int64
  let sha256: String
  let start: Int64
  let bytes: Int64
  let lastPosition: Int64

  static nonisolated(nonsending) func holding(
    _ position: Int64, of shard: Int, _ connection: Connection
  ) async throws -> ArchivedFrame? {
    let row = try await connection.query(
      """
      SELECT month, file, file_bytes, encode(sha256, 'hex') AS sha256, start, bytes, last_position
      FROM log.archived_at(\(Int32(shard)), \(position))
      """
    ).first
    guard let row else { return nil }
    return ArchivedFrame(
      month: try row.decode("month"), file: try row.decode("file"), fileBytes: try row.decode("file_bytes"),
      sha256: try row.decode("sha256"), start: try row.decode("start"), bytes: try row.decode("bytes"),
      lastPosition: try row.decode("last_position"))
  }
}

/// Files that were found to be what they were when their month left the database: a whole file is hashed once, not for each of its
/// frames, and again when it has been touched.
private final class ProvenFiles: Sendable {
  private struct State: Hashable {
    let path: String
    let bytes: Int64
    let modified: Date?
    let sha256: String
  }

  private let states = Mutex<Set<State>>([])

  func prove(_ file: ArchiveFile, is sha256: String, bytes: Int64) throws {
    let state = State(path: file.path, bytes: bytes, modified: file.modified, sha256: sha256)
    guard !states.withLock({ $0.contains(state) }) else { return }
    let found = try file.sum()
    guard found.bytes == bytes else { throw file.altered("it has \(found.bytes) bytes instead of \(bytes)") }
    guard found.sha256 == sha256 else { throw file.altered("its SHA-256 is not \(sha256)") }
    states.withLock { _ = $0.insert(state) }
  }
}
