/// What belongs to a log and is reached over its connections, for those who hold none of their own.
extension Log {
  /// Seals and opens personal data.
  package var vault: Vault { Vault(pool: pool) }

  /// The checkpoints that everyone may have.
  package var publishedCheckpoints: PublishedCheckpoints { PublishedCheckpoints(pool: pool) }

  /// Proofs about a shard.
  package func proofs(of shard: Int) -> Proofs { Proofs(pool: pool, shard: shard) }

  /// The same log, whose questions go over the connections for what walks it.
  package var expensive: Log { over(pools.expensive) }

  /// An export over these connections, each statement of which takes seconds at most. Throws ``ExportError``.
  package func export(_ format: ExportFormat, _ filter: ExportFilter, archive: ArchiveReader?) throws -> Export {
    var export = try Export(pool: pool, format: format, filter: filter, archive: archive)
    export.deadline = Pools.expensiveDeadline
    return export
  }
}
