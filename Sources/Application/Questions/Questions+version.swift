import EventLog
package import Foundation
import Postgres

extension Questions {
  /// What is the same as long as every answer is that is made of an account's shard alone: of its log, of all read models as far as they have
  /// followed it, and of its checkpoints. One statement, which looks at no read model's tables.
  ///
  /// It never comes back to what it was, so an answer that was made after it, while it has not moved since, is the answer still. Nil where the read
  /// models are not all where their names say (``areSettled``), and where a projector of this release has yet to come.
  package func version(ofShardOf account: UUID) async throws -> [UInt8]? {
    await places.lookIfUnsettled(log.pool)
    guard areSettled else { return nil }
    do {
      return try await log.pool.query(
        "SELECT version FROM projector.version_of(\(Int32(shard(of: account))), \(places.names))",
        deadline: .seconds(10)
      ).first.map { identity + (try $0.decode("version", as: Bytes.self).bytes) }
    } catch let error as PostgresError where error.isOfAbsentReadModel || error.sqlState == "42883" {
      return nil
    }
  }

  /// Whether each read model is the one that this program's questions are written for, under its own name.
  package var areSettled: Bool { places.areSettled }
}
