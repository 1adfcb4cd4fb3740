import Crypto
import Domain
import EventLog
import Foundation
import Postgres
import TestDatabase
import Testing

extension Cast {
  /// Lets it be known to log and read models that they are there.
  static func appear(_ casts: [Cast], in service: Service) async throws {
    var units: [Int: [AppendUnit]] = [:]
    let distinct = Dictionary(casts.map { ($0.accountID, $0) }, uniquingKeysWith: { first, _ in first }).values
    for cast in distinct {
      for (shard, unit) in try await cast.units(in: service.test, now: service.clock.now) {
        units[shard, default: []].append(unit)
      }
    }
    for (shard, units) in units { _ = try await service.test.log.append(units, shard: shard) }
    try await service.catchUp()
  }
}

extension Forger {
  /// With the key that a service signs by.
  init(for service: Service) async throws {
    let row = try await service.test.owner.query("SELECT value FROM vault.secrets WHERE name = 'jwt_key'").first
    let key = SymmetricKey(data: try #require(row).decode("value", as: [UInt8].self))
    self.init(key: key, now: Int(service.clock.now.seconds))
  }
}
