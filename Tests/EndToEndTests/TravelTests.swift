import Foundation
import Postgres
import TestDatabase
import Testing

/// What an auditor types to see what was shown in the past.
@Suite struct TravelTests {
  @Test func theReadModelsOfAMomentAreBuiltListedAndDropped() async throws {
    try await Installation.with(try await Cluster.shared()) { installation in
      _ = try await installation.run("account", "open", "--email", "owner@example.com", "--project", "shop", "--json")
      let built = try await installation.run("replay", "--as-of", "2020-01-01", "--projection", "usage")
      #expect(built.status == 0)
      #expect(built.output.contains("when the log held 0 events"))
      #expect(built.output.contains("usage_at_20200101t000000z"))
      let listed = try await installation.run("replay", "list")
      #expect(listed.output.contains("usage_at_20200101t000000z"))
      let dropped = try await installation.run("replay", "drop", "at_20200101t000000z")
      #expect(dropped.output == "dropped  usage_at_20200101t000000z\n")
      let left = try await installation.run("replay", "list")
      #expect(left.output.isEmpty)
    }
  }

  @Test func whereReadModelsStopBeforeThePositionAskedForIsSaid() async throws {
    try await Installation.with(try await Cluster.shared()) { installation in
      struct Opened: Decodable { let account_id: String }
      let output = try await installation.run(
        "account", "open", "--email", "owner@example.com", "--project", "shop", "--json")
      let account = try JSONDecoder().decode(Opened.self, from: Data(output.output.utf8)).account_id
      let owner = try await installation.connectAsOwner()
      let row = try await owner.query(
        """
        SELECT shard, first_position, last_position FROM log.batches
        WHERE shard = log.shard_of(\(try #require(UUID(uuidString: account)))) AND last_position > first_position
        ORDER BY first_position LIMIT 1
        """
      ).first
      await owner.close()
      let batch = try #require(row)
      let (shard, first, last) = try (
        batch.decode("shard", as: Int.self), batch.decode("first_position", as: Int.self),
        batch.decode("last_position", as: Int.self)
      )
      let within = try await installation.run("replay", "--as-of", "\(shard):\(first)", "--projection", "usage")
      #expect(within.output.contains("and not to \(first): the events \(first) to \(last) were recorded as one"))
      #expect(within.output.contains("ask for \(shard):\(last)"))
      let whole = try await installation.run("replay", "--as-of", "\(shard):\(last)", "--projection", "usage")
      #expect(whole.output.contains("to position \(last)"))
      #expect(!whole.output.contains("and not to"))
    }
  }

  @Test(arguments: [
    ["replay", "--as-of", "yesterday"], ["replay", "--as-of", "9:1"], ["replay", "--as-of", "0:999999"],
    ["replay", "--check", "--as-of", "2020-01-01"], ["replay", "--as-of", "2020-01-01", "--as-of", "0:1"],
    ["replay", "drop", "nothing"],
  ]) func aMomentThatIsNotOneIsRefused(arguments: [String]) async throws {
    try await Installation.with(try await Cluster.shared()) { installation in
      let result = try await installation.run(arguments)
      #expect(result.status != 0)
    }
  }
}
