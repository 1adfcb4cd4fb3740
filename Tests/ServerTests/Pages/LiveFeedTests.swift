import Application
import Domain
import Foundation
import Postgres
import TestDatabase
import Testing

@testable import Server

/// Numbers that move while people look.
@Suite struct LiveFeedTests {
  @Test func manyWhoWatchAreAllToldAndTheDatabaseHasNoMoreConnectionsForThem() async throws {
    try await Service.with { service in
      let tenant = try await service.open()
      try await service.catchUp()
      let feed = try feed(of: service)
      let subject = LiveFeed.Subject(project: tenant.projectID, account: tenant.accountID, mode: .live)
      var viewers: [AsyncStream<LiveFeed.Item>.Iterator] = []
      for _ in 0..<200 { viewers.append(await feed.watch(subject).makeAsyncIterator()) }
      for index in viewers.indices { _ = try #require(await viewers[index].next()) }
      let before = try await connections(service)
      #expect(try await service.track(EventText(service.clock).text, key: tenant.key).status == 202)
      try await service.catchUp()
      for index in viewers.indices {
        let state = try await next(&viewers[index])
        #expect(state.month.used == 1)
      }
      #expect(try await connections(service) <= before)
      #expect(await feed.viewerCount == 200)
      viewers = []
      let deadline = ContinuousClock.now + .seconds(120)
      while await feed.viewerCount > 0, ContinuousClock.now < deadline { try await Task.sleep(for: .milliseconds(20)) }
      #expect(await feed.viewerCount == 0)
    }
  }

  @Test func whoComesLaterIsToldAtOnceWhatTheOthersWereTold() async throws {
    try await Service.with { service in
      let tenant = try await service.open()
      #expect(try await service.track(EventText(service.clock).text, key: tenant.key).status == 202)
      try await service.catchUp()
      let feed = try feed(of: service)
      let subject = LiveFeed.Subject(project: tenant.projectID, account: tenant.accountID, mode: .live)
      var first = await feed.watch(subject).makeAsyncIterator()
      let told = try await next(&first)
      var second = await feed.watch(subject).makeAsyncIterator()
      #expect(try await next(&second) == told)
      #expect(told.requests.count == 1)
    }
  }

  @Test func aHostilePathIsATextOfTheMessageAndEndsNoLineOfIt() async throws {
    try await Service.with { service in
      let tenant = try await service.open()
      let endpoint = "/a</script>/%0A%0Adata:x"
      let body = """
        {"endpoint": "\(endpoint)", "method": "GET", "status_code": 200, "response_time_ms": 1, "timestamp": "\(service.clock.time())"}
        """
      let answer = try await service.track(body, key: tenant.key)
      try await service.catchUp()
      let feed = try feed(of: service)
      var viewer = await feed.watch(.init(project: tenant.projectID, account: tenant.accountID, mode: .live))
        .makeAsyncIterator()
      let state = try await next(&viewer)
      let message = LiveState(state, of: tenant.projectID, in: .utc).message
      #expect(answer.status == 202)
      #expect(message.split(separator: "\n", omittingEmptySubsequences: false).count == 5)
      #expect(message.contains("script"))
    }
  }

  /// Else those who have gone, and whose session has ended, would stay for as long as the fault lasts.
  @Test func aProjectThatCantBeAskedAboutBeatsAllTheSame() async throws {
    try await Service.with { service in
      let tenant = try await service.open()
      let feed = try feed(of: service, pause: .milliseconds(10))
      var viewer = await feed.watch(.init(project: tenant.projectID, account: tenant.accountID, mode: .live))
        .makeAsyncIterator()
      // Nobody has built what it asks.
      guard case .beat = try #require(await viewer.next()) else {
        Issue.record("there was nothing to tell")
        return
      }
    }
  }

  private func feed(of service: Service, pause: Duration = .seconds(1)) throws -> LiveFeed {
    LiveFeed(
      questions: try Questions(log: service.test.log, queries: Service.queries), clock: service.clock, pause: pause,
      logger: Service.silent)
  }

  private func connections(_ service: Service) async throws -> Int {
    try await service.number(
      "SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() AND application_name <> 'psql'")
  }

  /// The next state that has been counted, beats and states of before left out.
  private func next(_ viewer: inout AsyncStream<LiveFeed.Item>.Iterator) async throws -> LiveFeed.State {
    let deadline = ContinuousClock.now + .seconds(120)
    while ContinuousClock.now < deadline, let item = await viewer.next() {
      if case .state(let state) = item, state.month.used > 0 { return state }
    }
    throw CocoaError(.fileReadUnknown)
  }
}
