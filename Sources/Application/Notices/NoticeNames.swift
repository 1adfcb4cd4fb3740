import Domain
import EventLog
import Foundation
import Postgres

/// What accounts and people are called when a notice is written.
struct NoticeNames: Sendable {
  let pool: Pool
  let shards: ShardMap
  let vault: Vault

  /// The same facts, with the names of the accounts and people among them. What has no name stays its id.
  func named(_ facts: [String: FactValue]) async throws -> [String: FactValue] {
    var named = facts
    for (fact, value) in facts {
      switch value {
      case .account(let id): named[fact] = try await name(ofAccount: id).map(FactValue.text)
      case .person(let id): named[fact] = try await name(ofPerson: id).map(FactValue.text)
      case .time, .number, .text: continue
      }
    }
    return named.merging(facts) { name, _ in name }
  }

  private func name(ofAccount id: UUID) async throws -> String? {
    let stream = StreamID.account(id, shard: shards.shard(of: id))
    return try await pool.query(
      "SELECT operations.name_of_account(\(Int32(stream.shard)), \(stream.name)) AS name"
    ).first?.decode("name", as: String?.self)
  }

  /// The name that they gave themselves, or else the address that others know them by. Nil for somebody who was erased.
  private func name(ofPerson id: UUID) async throws -> String? {
    let stream = StreamID.user(id, shard: shards.shard(of: id))
    let sealed = try await pool.query(
      "SELECT operations.name_of_person(\(Int32(stream.shard)), \(stream.name)) AS name_sealed"
    ).first?.decode("name_sealed", as: String?.self)
    if let sealed, let name = try await vault.open(sealed, of: id) { return name }
    guard let address = try await sealedAddress(of: id, before: nil) else { return nil }
    return try await vault.open(address, of: id)
  }

  /// Where a person reads mail, now or before a position of their shard's log; sealed. Nil for somebody who was erased.
  func sealedAddress(of person: UUID, before position: Int64?) async throws -> String? {
    let stream = StreamID.user(person, shard: shards.shard(of: person))
    let query = Query(
      "SELECT email_sealed FROM operations.address_of($1, $2, $3)", [Int32(stream.shard), stream.name, position])
    return try await pool.query(query).first.flatMap { try $0.decode("email_sealed", as: String?.self) }
  }
}
