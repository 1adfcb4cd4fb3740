import Foundation
import LoopbackServer
import RecountClient
import Testing

@testable import Importer

@Suite struct LogImporterTests {
  private let counting = CountingServer()
  private let notices = Notices()

  private func run(_ options: ImportOptions) async throws -> ImportSummary {
    try await LogImporter(options) { notices.add($0) }.run()
  }

  @Test func twiceTheSameCommandAddsNothingTwice() async throws {
    try await withFolder { folder in
      try await LoopbackServer.run(reply: { request, _ in counting.reply(request) }) { server in
        let options = try ImportOptions(SharedData.openStackLog, .openstack, server, folder)
        let first = try await run(options)
        #expect(
          first.description
            == "1,017 lines read, 1,017 events sent: 1,017 accepted, 0 duplicates, 0 refused, 0 invalid, 0 lines unreadable"
        )
        let second = try await run(options)
        #expect((second.sent, second.accepted, second.duplicates) == (1_017, 0, 1_017))
        let requests = server.received.map(\.body).sorted()
        #expect(requests.count == 6)
        #expect(Set(requests).count == 3)
      }
    }
  }

  @Test func anImportThatBrokeOffResumesWithTheSameBytes() async throws {
    try await withFolder { folder in
      var options: ImportOptions?
      // The server counts the second batch and dies before it answers.
      let before = try await LoopbackServer.run(reply: { request, number in
        if number > 1 { return .answer(status: 503) }
        let reply = counting.reply(request)
        return number == 1 ? .hangUp : reply
      }) { server in
        options = try ImportOptions(SharedData.openStackLog, .openstack, server, folder)
        options?.concurrency = 1
        options?.batchSize = 100
        options?.rebase = .now
        let broken = try #require(options)
        await #expect(throws: ImportError.self) { try await run(broken) }
        return server.received.map(\.body)
      }
      try await LoopbackServer.run(reply: { request, _ in counting.reply(request) }) { server in
        var again = try #require(options)
        again.client.url = try #require(URL(string: server.url))
        let summary = try await run(again)
        #expect((summary.accepted, summary.duplicates, summary.answeredEarlier) == (817, 100, 100))
        #expect(server.received.first?.body == before.last)
        #expect(counting.events.count == 1_017)
      }
    }
  }

  @Test func twoThatBeginAtTheSameTimeSendTheSameIDs() async throws {
    try await withFolder { folder in
      try await LoopbackServer.run(reply: { request, _ in counting.reply(request) }) { server in
        let options = try ImportOptions(SharedData.openStackLog, .openstack, server, folder)
        async let one = run(options)
        async let other = run(options)
        let (a, b) = try await (one, other)
        #expect((a.accepted + b.accepted, counting.events.count) == (1_017, 1_017))
      }
    }
  }

  @Test func theBatchSizeThatItBeganWithIsKept() async throws {
    try await withFolder { folder in
      try await LoopbackServer.run(reply: { request, _ in counting.reply(request) }) { server in
        var options = try ImportOptions(SharedData.openStackLog, .openstack, server, folder)
        _ = try await run(options)
        options.batchSize = 7
        #expect(try await run(options).duplicates == 1_017)
        #expect(notices.all.contains { if case .keepsBatchSize(500) = $0 { true } else { false } })
      }
    }
  }

  @Test func newIDsAndCopiesAreNewEvents() async throws {
    try await withFolder { folder in
      try await LoopbackServer.run(reply: { request, _ in counting.reply(request) }) { server in
        var options = try ImportOptions(SharedData.openStackLog, .openstack, server, folder)
        options.passes = 3
        #expect(try await run(options).accepted == 3 * 1_017)
        options.passes = 1
        options.newIDs = true
        #expect(try await run(options).accepted == 1_017)
      }
    }
  }

  @Test func theLatestEventFallsOnTheMomentThatIsAskedFor() async throws {
    try await withFolder { folder in
      try await LoopbackServer.run(reply: { request, _ in counting.reply(request) }) { server in
        var options = try ImportOptions(SharedData.openStackLog, .openstack, server, folder)
        options.rebase = try #require(Rebase("2026-11-24T10:00:00Z"))
        _ = try await run(options)
        let times = counting.events.map(\.timestamp).sorted()
        #expect(times.last == "2026-11-24T10:00:00.000Z")
        // 00:14:47.687 - 00:00:00.008
        #expect(times.first == "2026-11-24T09:45:12.321Z")
      }
    }
  }

  /// The same ids must bring the same bodies, or what was counted is a conflict.
  @Test func anImportThatAnOlderReleaseBeganGoesOnWithWhatThatSent() async throws {
    try await withFolder { folder in
      let log = folder.appending(path: "access.log")
      try Data(#"::1 - - [10/Oct/2000:13:55:36 +0000] "GET /x HTTP/1.1" 200 5"#.utf8).write(to: log)
      try await LoopbackServer.run(reply: { request, _ in counting.reply(request) }) { server in
        let options = try ImportOptions(log.path, .combined, server, folder)
        _ = try await run(options)
        #expect(counting.events.map(\.response_bytes) == [5] && counting.events[0].response_time_ms == nil)
        let file = try #require(FileManager.default.contentsOfDirectory(atPath: options.stateFolder.path).first)
        let memory = options.stateFolder.appending(path: file)
        let older = try String(contentsOf: memory, encoding: .utf8).replacing(/"sendsAll" : true/, with: #""x" : true"#)
        try Data(older.utf8).write(to: memory)
        _ = try await run(options)
        #expect(counting.events.count == 1 && counting.events[0].response_bytes == nil)
        #expect(counting.events[0].response_time_ms == 0)
        #expect(notices.all.contains { if case .keepsMembers = $0 { true } else { false } })
        _ = try await run(options)
        #expect(counting.events[0].response_bytes == nil, "and for good")
      }
    }
  }

  @Test func unreadableLinesAreReportedByNumberAndDoNotStopIt() async throws {
    try await withFolder { folder in
      let log = folder.appending(path: "access.log")
      let good = #"::1 - - [10/Oct/2000:13:55:36 +0000] "GET /x HTTP/1.1" 200 5"#
      try Data("\(good)\nrubbish\n\n\(good)\n".utf8).write(to: log)
      try await LoopbackServer.run(reply: { request, _ in counting.reply(request) }) { server in
        let summary = try await run(try ImportOptions(log.path, .combined, server, folder))
        #expect((summary.lines, summary.accepted, summary.unreadable) == (4, 2, 2))
        #expect(notices.unreadable == ["2: no time such as [10/Oct/2000:13:55:36 -0700]", "3: the line is empty"])
      }
    }
  }

  @Test func whatTheServerFindsInvalidIsReportedByItsLine() async throws {
    try await withFolder { folder in
      let answer =
        #"{"accepted":1016,"duplicates":0,"refused":0,"invalid":1,"#
        + #""results":[{"index":4,"outcome":"invalid","detail":"too old"}]}"#
      try await LoopbackServer.run(reply: { _, _ in .answer(status: 202, body: answer) }) { server in
        var options = try ImportOptions(SharedData.openStackLog, .openstack, server, folder)
        options.batchSize = 5_000
        #expect(try await run(options).invalid == 1)
        #expect(notices.all.contains { if case .notCounted(5, "too old") = $0 { true } else { false } })
      }
    }
  }

  @Test func theKeyIsNotKept() async throws {
    try await withFolder { folder in
      try await LoopbackServer.run(reply: { request, _ in counting.reply(request) }) { server in
        _ = try await run(try ImportOptions(SharedData.openStackLog, .openstack, server, folder))
        let state = folder.appending(path: "state").path
        let files = try FileManager.default.contentsOfDirectory(atPath: state)
        #expect(files.count == 1)
        for file in files {
          #expect(!file.contains("sk_test_abc"))
          #expect(try !String(contentsOfFile: state + "/" + file, encoding: .utf8).contains("sk_test_abc"))
        }
      }
    }
  }

  @Test func aDamagedMemoryStopsBeforeAnythingIsSent() async throws {
    try await withFolder { folder in
      try await LoopbackServer.run(reply: { request, _ in counting.reply(request) }) { server in
        let options = try ImportOptions(SharedData.openStackLog, .openstack, server, folder)
        _ = try await run(options)
        for file in try FileManager.default.contentsOfDirectory(atPath: options.stateFolder.path) {
          try Data("{".utf8).write(to: options.stateFolder.appending(path: file))
        }
        await #expect(throws: ImportError.self) { try await run(options) }
        #expect(server.received.count == 3)
      }
    }
  }

  @Test func theStandardInputCannotBeReadTwice() async throws {
    let client = RecountClient.Configuration(url: try #require(URL(string: "http://127.0.0.1:1")), key: "k")
    var options = ImportOptions(
      source: ImportSource("-"), format: .jsonl, client: client, stateFolder: URL(filePath: "/nowhere"))
    options.rebase = .now
    await #expect {
      try await LogImporter(options).run()
    } throws: {
      "\($0)".contains("give the path of a file")
    }
  }
}
