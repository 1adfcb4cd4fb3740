import Domain
import EventLog
import Postgres

/// Requests of places that voids take some of: which void took which, told by looking at each.
struct VoidedPlaces: Sendable {
  let subject: TrackedUnit.Subject
  let archive: ArchiveReader?
  let connection: Connection

  /// Hands out each request of some candidates, its time in milliseconds since 1970 and its position. Returns how many frames of the archive it read,
  /// nil where some lie in an archived month that can't be read. Throws `Gap` where the log has not got what the read model says it has.
  nonisolated(nonsending) func read(
    _ candidates: [RequestCandidate], _ body: (Int64, Int64) throws -> Void
  ) async throws -> Int? {
    var frames = 0
    var missing = try await take(Array(candidates.indices), of: candidates, body)
    while let first = missing.first {
      do {
        let after = candidates[first].stretch.batch - 1
        guard try await ArchiveReader.bring(from: archive, connection, shard: subject.shard, after: after) != nil else {
          throw Gap(shard: subject.shard, after: after, detail: "requests of a read model are not there")
        }
      } catch is ArchiveError { return nil }
      frames += 1
      let left = try await take(missing, of: candidates, body)
      guard left.count < missing.count else {
        throw Gap(
          shard: subject.shard, after: candidates[first].stretch.batch - 1,
          detail: "its archived batch holds no such request")
      }
      missing = left
    }
    return frames
  }

  /// Reads what is at hand; returns what is not.
  private nonisolated(nonsending) func take(
    _ indexes: [Int], of candidates: [RequestCandidate], _ body: (Int64, Int64) throws -> Void
  ) async throws -> [Int] {
    let units = try await TrackedUnit.all(
      of: subject, in: indexes.map { candidates[$0].stretch }, connection, deadline: RequestLog.patience)
    var found: Set<Int> = []
    for unit in units {
      let index = indexes[unit.stretch]
      found.insert(index)
      try unit.forEach { position, request in
        guard Quarter.start(of: request.timestamp) == candidates[index].quarter else { return }
        try body(request.timestamp, position)
      }
    }
    return indexes.filter { !found.contains($0) }
  }
}
