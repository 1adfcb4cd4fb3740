import Crypto
import Domain
import EventLog
package import Foundation

/// The ids of an installation's demo, and of all in it. They follow from a number, so that a demo is found with nothing remembered and a run
/// that was ended goes on with the same.
package struct DemoIDs: Sendable {
  /// 0 of the first; the next one's is one more, where one was removed.
  let number: Int

  /// The account.
  package var account: UUID { id("account") }
  /// Its only project.
  package var project: UUID { id("project") }
  /// The void of its load test.
  var void: UUID { id("void") }
  /// The key that reads.
  var reader: UUID { id("key reader") }

  func key(_ key: DemoKey) -> UUID { id("key \(key.rawValue)") }
  func sender(_ key: DemoKey) -> UUID { id("sender \(key.rawValue)") }
  /// What a key tracks of an hour.
  func batch(_ key: DemoKey, hour: Int) -> UUID { id("batch \(key.rawValue) \(hour)") }

  private func id(_ part: String) -> UUID {
    .derived(from: SHA256.hash(data: Data("recount demo \(number) \(part)".utf8)), version: 8)
  }

  /// More than anybody removes.
  static let most = 1_000
}

extension Log {
  /// The demo that is open, or else the ids of the next.
  func demo() async throws -> (ids: DemoIDs, account: Account) {
    for number in 0..<DemoIDs.most {
      let ids = DemoIDs(number: number)
      let account = try await load(Account.self, from: ids.accountStream(shards)).state
      if !account.isClosed { return (ids, account) }
    }
    throw Account.Failure.closed
  }
}

extension DemoIDs {
  func accountStream(_ shards: ShardMap) -> StreamID { .account(account, shard: shards.shard(of: account)) }
  func projectStream(_ shards: ShardMap) -> StreamID {
    .project(project, of: account, shard: shards.shard(of: account))
  }
  func demoStream(_ shards: ShardMap) -> StreamID { .demo(of: account, shard: shards.shard(of: account)) }
}
