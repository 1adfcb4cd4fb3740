import Domain
import EventLog
import Foundation
import Testing

@testable import Application

/// What is looked for under an id that follows from something must be found there for ever.
@Suite struct DerivedIDTests {
  @Test func aPersonsOwnAccountHasTheIDThatItAlwaysHad() throws {
    let user = try #require(UUID(uuidString: "01975BCD-0000-7000-8000-00000000000A"))
    #expect(PersonalAccount.id(for: user).text == "01975bcd-0000-7730-8cf7-f656941751e7")
  }

  @Test(arguments: [(4, 2), (1_000, 462)]) func anAddressIsOnTheShardThatItAlwaysWasOn(shards: Int, shard: Int) {
    let digest = "b5fc85e55755f9e0d030a10ab4429b6b2944855f9a0d60077fe832becbc41d72"
    #expect(StreamID.email(digest, shards: ShardMap(count: shards)).shard == shard)
  }
}
