import Domain
import EventLog
import Postgres

/// Requests of places that voids take some of: which void took which, told by looking at each.
struct VoidedPlaces: Sendable {
  let subject: TrackedUnit.Subject
  let archive: ArchiveReader?
  let connection: Connection

  /// What became of candidates.
  struct Reading {
    /// Those that lie elsewhere in the archive, as they were given: of that one frame is read at a time.
    var unread: [RequestCandidate] = []
    var isOfArchive = false
  }

  /// Hands out each request of some candidates, its time in milliseconds since 1970 and its position. Nil where some lie in an archived month
  /// that can't be read. Throws `Gap` where the log has not got what the read model says it has.
  nonisolated(nonsending) func read(
    _ candidates: [RequestCandidate], _ body: (Int64, Int64) throws -> Void
  ) async throws -> Reading? {
    let missing = try await take(Array(candidates.indices), of: candidates, body)
    guard let first = missing.first else { return Reading() }
    let after = candidates[first].stretch.batch - 1
    let reach: Int64?
    do {
      reach = try await ArchiveReader.bring(from: archive, connection, shard: subject.shard, after: after)
    } catch is ArchiveError { return nil }
    guard let reach else {
      throw Gap(shard: subject.shard, after: after, detail: "requests of a read model are not there")
    }
    let inReach = missing.filter { (after...reach).contains(candidates[$0].stretch.batch) }
    let left = try await take(inReach, of: candidates, body)
    guard left.count < inReach.count else {
      throw Gap(shard: subject.shard, after: after, detail: "its archived batch holds no such request")
    }
    let unread = missing.filter { !inReach.contains($0) || left.contains($0) }
    return Reading(unread: unread.map { candidates[$0] }, isOfArchive: true)
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
