import Domain
import Foundation
import Postgres
import TestDatabase
import Testing

@testable import EventLog

/// States that a process keeps are those that the log has, whoever changes it.
@Suite struct StreamStatesTests {
  private func project(_ test: TestLog) async throws -> StreamID {
    let (account, project) = (UUID(), UUID())
    let stream = StreamID(
      name: "project-\(project)", shard: test.log.shards.shard(of: account), accountID: account, projectID: project)
    try await test.log.handle(
      .create(id: project, accountID: account, name: "first"), by: Project.self, on: stream)
    return stream
  }

  /// All of it, read anew.
  private func read(_ log: Log, _ stream: StreamID) async throws -> Project {
    Project(try await log.stream(stream).map { try $0.event(Project.Event.self) })
  }

  @Test func manyProcessesThatKeepStatesSeeOneAnothersChanges() async throws {
    try await TestLog.with { test in
      let stream = try await project(test)
      let logs = [test.log, try await test.another(), try await test.another()]
      for round in 0..<40 {
        let writer = logs[round % 3]
        try await writer.handle(.rename("name \(round)"), by: Project.self, on: stream)
        for log in logs {
          let (state, version) = try await log.load(Project.self, from: stream)
          #expect(state.name == "name \(round)")
          #expect(version == round + 2)
        }
      }
      let (state, whole) = (try await logs[1].load(Project.self, from: stream).state, try await read(test.log, stream))
      #expect([state.name, state.firstName] == [whole.name, whole.firstName])
      #expect(state.id == whole.id)
      #expect(logs[1].states.state(Project.self, of: stream)?.mark.version == 41, "one event is read, not all")
      for log in logs.dropFirst() { await log.close() }
    }
  }

  /// A database that crashed before a commit was flushed loses what others had read already.
  @Test func aStateThatTheLogHasLostIsReadAnew() async throws {
    try await TestLog.with(forged: true) { test in
      let stream = try await project(test)
      for round in 0..<10 { try await test.log.handle(.rename("name \(round)"), by: Project.self, on: stream) }
      #expect(try await test.log.load(Project.self, from: stream).state.name == "name 9")
      let shard = Int32(stream.shard)
      try await test.owner.transaction { connection in
        try await connection.query(
          "DELETE FROM log.stream_versions WHERE shard = \(shard) AND stream = \(stream.name) AND version = 11")
        try await connection.query(
          """
          DELETE FROM log.batches AS b USING log.heads AS h
          WHERE h.shard = \(shard) AND b.shard = h.shard AND b.last_position = h.last_position
          """)
        try await connection.query(
          """
          UPDATE log.heads AS h SET last_position = c.last_position, last_hash = c.hash
          FROM log.chain_before(\(shard), (SELECT last_position FROM log.heads WHERE shard = \(shard))) AS c
          WHERE h.shard = \(shard)
          """)
      }
      let other = try await test.another()
      try await other.handle(.rename("another"), by: Project.self, on: stream)
      let (state, version) = try await test.log.load(Project.self, from: stream)
      #expect(state.name == "another")
      #expect(version == 11)
      await other.close()
    }
  }

  @Test func whatIsKeptIsBounded() throws {
    let states = StreamStates(capacity: 100)
    func mark(_ version: Int) -> StreamStates.Mark {
      StreamStates.Mark(
        StoredEvent(
          stream: "", streamVersion: version, position: Int64(version), recordedAt: .now, type: "", data: ""))
    }
    for index in 0..<50 {
      states.keep(Project(), upto: mark(30), of: StreamID(name: "\(index)", shard: 0))
      #expect(states.events <= 100)
    }
    #expect(states.state(Project.self, of: StreamID(name: "49", shard: 0)) != nil, "those used last stay")
    #expect(states.state(Project.self, of: StreamID(name: "0", shard: 0)) == nil)
    states.keep(Project(), upto: mark(101), of: StreamID(name: "long", shard: 0))
    states.keep(Project(), upto: mark(2), of: StreamID(name: "short", shard: 0))
    #expect(states.state(Project.self, of: StreamID(name: "long", shard: 0)) == nil)
    #expect(states.state(Project.self, of: StreamID(name: "short", shard: 0)) == nil)
    states.forget(Project.self, of: StreamID(name: "49", shard: 0))
    #expect(states.state(Project.self, of: StreamID(name: "49", shard: 0)) == nil)
  }
}
