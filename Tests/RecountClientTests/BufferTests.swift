import LoopbackServer
import RecountClient
import Synchronization
import Testing

@Suite struct BufferTests {
  @Test func aFullBatchIsSentAtOnce() async throws {
    try await LoopbackServer.run(reply: { _, _ in .accepted(2) }) { server in
      let (reports, told) = AsyncStream<DeliveryReport>.makeStream()
      var configuration = try RecountClient.Configuration(server)
      configuration.batchSize = 2
      configuration.flushInterval = .seconds(3_600)
      configuration.onDelivery = { told.yield($0) }
      let client = try RecountClient(configuration)
      for path in ["/a", "/b", "/c"] { try await client.track(.sample(path)) }
      var iterator = reports.makeAsyncIterator()
      guard case .answered(let batch, let receipt) = await iterator.next() else {
        Issue.record("the batch was not answered")
        return
      }
      #expect(batch.events.map(\.endpoint) == ["/a", "/b"])
      #expect(receipt.accepted == 2)
      #expect(await client.waiting == 1)
      try await client.shutdown()
    }
  }

  @Test func anEventWaitsNoLongerThanTheInterval() async throws {
    try await LoopbackServer.run(reply: { _, _ in .accepted(1) }) { server in
      let clock = TestTiming()
      let (reports, told) = AsyncStream<DeliveryReport>.makeStream()
      var configuration = try RecountClient.Configuration(server)
      configuration.flushInterval = .seconds(5)
      configuration.onDelivery = { told.yield($0) }
      let client = try RecountClient(configuration, timing: clock.timing())
      try await client.track(.sample())
      var iterator = reports.makeAsyncIterator()
      _ = await iterator.next()
      #expect(clock.sleeps == [.seconds(5)])
      try await client.shutdown()
    }
  }

  @Test func shutdownSendsWhatIsLeft() async throws {
    try await LoopbackServer.run(reply: { _, _ in .accepted(3) }) { server in
      let client = try RecountClient(try RecountClient.Configuration(server))
      for _ in 0..<3 { try await client.track(.sample()) }
      #expect(try await client.shutdown().accepted == 3)
      await #expect(throws: RecountError.closed) { try await client.track(.sample()) }
      #expect(server.received.count == 1)
    }
  }

  @Test func aFullBufferSaysSoAndKeepsWhatItHas() async throws {
    let isDown = Mutex(true)
    try await LoopbackServer.run(
      reply: { _, _ in isDown.withLock { $0 } ? .answer(status: 503) : .accepted(2) }
    ) { server in
      var configuration = try RecountClient.Configuration(server)
      configuration.batchSize = 2
      configuration.bufferLimit = 2
      configuration.flushInterval = .seconds(3_600)
      configuration.retry.patience = .zero
      let client = try RecountClient(configuration)
      for path in ["/a", "/b"] { try await client.track(.sample(path)) }
      await #expect(throws: RecountError.self) { try await client.flush() }
      await #expect(throws: RecountError.bufferFull(limit: 2)) { try await client.track(.sample("/c")) }
      isDown.withLock { $0 = false }
      #expect(try await client.shutdown().accepted == 2)
      // The batch has kept its id through all of it.
      #expect(Set(server.received).count == 1)
    }
  }

  @Test func whatTheServerNeverTakesIsHandedBack() async throws {
    try await LoopbackServer.run(reply: { _, _ in .answer(status: 400) }) { server in
      let rejected = Mutex<[String]>([])
      var configuration = try RecountClient.Configuration(server)
      configuration.onDelivery = { report in
        guard case .rejected(let batch, _) = report else { return }
        rejected.withLock { $0 += batch.events.map(\.endpoint) }
      }
      let client = try RecountClient(configuration)
      try await client.track(.sample("/a"))
      await #expect(throws: RecountError.self) { try await client.shutdown() }
      #expect(rejected.withLock { $0 } == ["/a"])
      #expect(await client.waiting == 0)
    }
  }
}
