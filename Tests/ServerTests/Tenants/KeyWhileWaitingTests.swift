import HummingbirdTesting
import Postgres
import TestDatabase
import Testing

/// A call that waits long for its append is looked at again.
@Suite(.timeLimit(.whatHangs)) struct KeyWhileWaitingTests {
  @Test func aKeyThatIsRevokedWhileItsCallWaitsForTheAppendIsRefused() async throws {
    try await Service.with { service in
      let tenant = try await service.open()
      let revoked = try await service.issue(for: tenant)
      try await service.catchUp()
      let event = EventText(service.clock).text
      // Both are remembered from here on.
      for key in [tenant.key, revoked.key] { #expect(try await service.track(event, key: key).status == 202) }
      let (first, second) = try await service.test.owner.transaction { connection in
        try await connection.query("LOCK TABLE log.batches IN ACCESS EXCLUSIVE MODE")
        let first = Task { try await service.track(event, key: tenant.key) }
        try await service.eventually("an append is under way") { try await service.waiting() == 1 }
        let second = Task { try await service.track(event, key: revoked.key) }
        // Longer than a look at a key holds.
        try await Task.sleep(for: .milliseconds(700))
        service.clock.advance(seconds: 1)
        try await connection.query("UPDATE directory.keys SET revoked_at = now() WHERE key_id = \(revoked.id)")
        return (first, second)
      }
      #expect(try await first.value.status == 202)
      try await second.value.expectProblem("revoked-key", status: 401)
      #expect(try await service.logged(tenant) == 3)
    }
  }
}
