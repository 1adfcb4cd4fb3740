import Domain
import Postgres

extension Archiver {
  /// Events a step reads: some megabytes of lines in memory at a time.
  private static let step: Int64 = 20_000

  /// Writes a shard's month and gives the file its name. Returns its entry in the manifest.
  nonisolated(nonsending) func write(
    _ part: HeldMonth.Part, of month: HeldMonth, _ connection: Connection
  ) async throws -> Manifest.File {
    let name = ArchiveFolder.name(month: month.name, shard: part.shard)
    var writer = try FrameWriter(folder.file(name))
    var batches: Int64 = 0
    var (first, last): (BatchLine?, BatchLine?)
    var after = part.firstPosition - 1
    while let end = try await end(of: part, after: after, connection) {
      for row in try await lines(of: part, after: after, upto: end, connection) {
        last = try writer.add(row.decode("line"))
        if first == nil { first = last }
        batches += 1
      }
      try reached(.wrote(events: end - after))
      after = end
    }
    try writer.finish()
    try reached(.written(file: name))
    try writer.publish()
    try reached(.published(file: name))
    guard let first, let last else {
      throw ArchiveError.unfaithful(month: month.name, path: name, reason: "it holds no batches")
    }
    return Manifest.File(
      shard: part.shard, file: name, bytes: writer.bytes, textBytes: writer.textBytes, sha256: writer.sha256,
      firstPosition: first.firstPosition, lastPosition: last.lastPosition, batches: batches,
      events: last.lastPosition - first.firstPosition + 1, hashBefore: part.hashBefore, lastHash: last.hash,
      recordedFromUs: first.recordedAt.microseconds, recordedToUs: last.recordedAt.microseconds, frames: writer.frames)
  }

  private nonisolated(nonsending) func end(
    of part: HeldMonth.Part, after: Int64, _ connection: Connection
  ) async throws -> Int64? {
    try await connection.query(
      "SELECT last_position FROM log.chain_end(\(Int32(part.shard)), \(after), \(part.lastPosition), \(Self.step))"
    ).first?.decode("last_position")
  }

  private nonisolated(nonsending) func lines(
    of part: HeldMonth.Part, after: Int64, upto: Int64, _ connection: Connection
  ) async throws -> Rows {
    try await connection.query(
      "SELECT line FROM log.export_batches(\(Int32(part.shard)), \(after), \(upto))", deadline: .seconds(600))
  }
}
