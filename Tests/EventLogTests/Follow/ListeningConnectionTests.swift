import EventLog
import Foundation
import Logging
import Postgres
import TestDatabase
import Testing

/// One connection of a process brings all wake-ups.
@Suite(.timeLimit(.whatHangs)) struct ListeningConnectionTests {
  private static let listeners: Query =
    """
    SELECT pid FROM pg_stat_activity
    WHERE datname = current_database() AND query LIKE 'LISTEN%' AND pid <> pg_backend_pid()
    """

  @Test func allSubscribersHearTheirTopicsOverOneConnectionAlsoAfterItWasLost() async throws {
    try await TestLog.with { test in
      let logger = Logger(label: "test")
      let listening = ListeningConnection(test.database.settings, logger: logger)
      try await withThrowingTaskGroup { group in
        group.addTask { await listening.run() }
        let appended = [await listening.payloads(of: .appended), await listening.payloads(of: .appended)]
        try await test.notify("recount_appended", "1", until: Self.listeners)
        // A topic that nobody had asked for when the connection was opened.
        let projected = await listening.payloads(of: .projected)
        try await Self.expect("7", from: appended[0], test, on: "recount_appended")
        try await Self.expect("7", from: appended[1], test, on: "recount_appended")
        try await Self.expect("usage:0:3", from: projected, test, on: "recount_projected")
        #expect(try await test.owner.query(Self.listeners).count == 1)

        let pid = try await test.owner.query(Self.listeners).first?.decode("pid", as: Int32.self)
        try await test.owner.query("SELECT pg_terminate_backend(\(pid ?? 0), 5000)")
        try await Self.expect("8", from: appended[0], test, on: "recount_appended")
        try await Self.expect("usage:0:4", from: projected, test, on: "recount_projected")
        #expect(try await test.owner.query(Self.listeners).count == 1)
        group.cancelAll()
      }
    }
  }

  @Test func whatANotifierIsToldOfOneSubjectIsSentOnceWithTheLatest() async throws {
    try await TestLog.with { test in
      let logger = Logger(label: "test")
      let connection = try await Connection.connect(test.database.settings, logger: logger)
      var heard = try await connection.listen(to: "recount_projected").makeAsyncIterator()
      let notifier = Notifier(.projected, pool: test.log.pool, logger: logger)
      await notifier.tell("first", of: "x")
      for number in 1...50 { await notifier.tell("\(number)", of: "x") }
      var payloads: [String] = []
      while payloads.last != "50", let next = await heard.next() { payloads.append(next.payload) }
      #expect(payloads.count < 10, "\(payloads)")
      await connection.close()
    }
  }

  /// Notifies until it is heard: nobody knows when a connection has begun to listen.
  private static func expect(
    _ payload: String, from stream: AsyncStream<String>, _ test: TestLog, on channel: String
  ) async throws {
    try await withThrowingTaskGroup(of: Bool.self) { group in
      group.addTask {
        for await heard in stream where heard == payload { return true }
        return false
      }
      group.addTask {
        for _ in 0..<1_500 {
          try await test.owner.query("SELECT pg_notify(\(channel), \(payload))")
          try await Task.sleep(for: .milliseconds(20))
        }
        return false
      }
      let wasHeard = try await group.next()
      #expect(wasHeard == true, "\(payload) was not heard within half a minute")
      group.cancelAll()
    }
  }
}

extension TestLog {
  fileprivate func notify(_ channel: String, _ payload: String, until query: Query) async throws {
    let end = ContinuousClock.now + .seconds(120)
    while try await owner.query(query).isEmpty {
      guard ContinuousClock.now < end else {
        Issue.record("nobody listens after half a minute")
        return
      }
      try await owner.query("SELECT pg_notify(\(channel), \(payload))")
      try await Task.sleep(for: .milliseconds(20))
    }
  }
}
