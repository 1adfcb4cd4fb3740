import Domain
import EventLog
import Foundation

extension Log {
  /// Those of some accounts that go with a person: nobody else owns them.
  func lastOwned(_ accounts: Set<UUID>, by person: UUID) async throws -> [UUID] {
    var owned: [UUID] = []
    for account in accounts.sorted(by: { $0.uuidString < $1.uuidString }) {
      let state = try await load(Account.self, from: .account(account, shard: shards.shard(of: account))).state
      let owners = state.members.filter { $0.value == .owner }.keys
      if state.id != nil, !state.isClosed, Set(owners) == [person] { owned.append(account) }
    }
    return owned
  }
}
