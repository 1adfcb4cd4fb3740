import EventLog
import Foundation
import LoopbackServer
import Postgres
import TestDatabase
import Testing

@testable import Application
@testable import Domain
@testable import Server

/// Each message once, and none forgotten: whatever Slack answers, dies or runs beside it.
@Suite(.timeLimit(.whatHangs)) struct SlackSenderTests {
  @Test func severalProcessesAtOnceSendEachMessageOnce() async throws {
    try await SlackDesk.with { slack in
      try await slack.working(3) {
        for number in 0..<8 { try await slack.pay(number..<number + 1) }
        try await slack.soon("all are sent") { try await slack.count("sent") == 8 }
      }
      #expect(slack.messages.count == 8 && Set(slack.messages).count == 8)
      #expect(slack.messages.allSatisfy { $0.contains("USD 100.0") && $0.contains(slack.desk.base + "/billing") })
    }
  }

  @Test func whatASenderTookBeforeItWasKilledIsSentByAnother() async throws {
    try await SlackDesk.with { slack in
      try await slack.pay(0..<1)
      try await slack.queue()
      let queue = SlackQueue(pool: slack.desk.test.log.pool)
      // It takes the message, and is never heard of again.
      #expect(try await queue.take(at: slack.desk.clock.now) != nil)
      #expect(try await queue.take(at: slack.desk.clock.now) == nil)
      try await slack.working(2) { try await slack.soon("it is sent") { try await slack.count("sent") == 1 } }
      #expect(slack.messages.count == 1)
    }
  }

  @Test func theReactorIsRepeatedWithoutSendingAnythingTwice() async throws {
    try await SlackDesk.with { slack in
      try await slack.pay(0..<12)
      try await slack.queue()
      // As from a backup of operations.reactors alone.
      try await slack.desk.test.owner.query("UPDATE operations.reactors SET position = 0, hash = NULL")
      try await slack.queue()
      #expect(try await slack.count("queued") == 11)
      #expect(try await slack.count("held") == 2)
    }
  }

  @Test func tenComeInAnHourAndThenOneThatSaysHowManyMore() async throws {
    try await SlackDesk.with { slack in
      try await slack.pay(0..<25)
      try await slack.queue()
      #expect(try await slack.count("held") == 15)
      try await slack.working {
        try await slack.soon("ten are sent") { try await slack.count("sent") >= 10 }
        slack.desk.clock.advance(seconds: 2 * 3_600)
        try await slack.soon("that there were more is sent") { try await slack.count("sent") == 11 }
        for row in try await slack.desk.test.owner.query(
          "SELECT kind || ' ' || state || ' ' || coalesce(reason,'-') || ' ' || attempts || ' ' || coalesce(due_at::text,'-') || hour AS t FROM operations.slack_messages WHERE state <> 'sent'"
        ) { print("DEBUG", try row.decode("t", as: String.self), slack.desk.clock.now) }
        // Another hour, and all is as before.
        try await slack.pay(25..<26)
        try await slack.soon("the next is sent") { try await slack.count("sent") == 12 }
      }
      #expect(slack.messages.count == 12)
      #expect(slack.messages.filter { $0.contains("… and 15 more") }.count == 1)
    }
  }

  @Test(arguments: [400, 404, 410, 302]) func aChannelThatTakesNothingAnyMoreIsBrokenAndOwnersAreMailedOnce(
    status: Int
  ) async throws {
    try await SlackDesk.with(
      reply: { _ in .answer(status: status, headers: ["Location": "/elsewhere"], body: "no_service") }
    ) { slack in
      try await slack.pay(0..<3)
      try await slack.working {
        try await ServerTests.soon("all are done") {
          let (failed, dropped) = (try await slack.count("failed"), try await slack.count("dropped"))
          return failed == 1 && dropped == 2
        }
      }
      #expect(slack.messages.count == 1 && slack.receiver.received.allSatisfy { $0.uri.hasPrefix("/services/") })
      #expect(try await slack.channel().brokenStatus == status)
      try await slack.pay(3..<4)
      try await slack.queue()
      #expect(try await slack.count("queued") == 0)
      let mails = try await slack.desk.mails(5)
      let broken = mails.filter { $0.subject.text == "Slack takes no more notices" }
      #expect(broken.map(\.to.address) == ["owner@example.com"])
      #expect(broken.first?.text.contains("\(status)") == true && broken.first?.text.contains("secret") == false)
    }
  }

  @Test func whoAsksToWaitIsWaitedFor() async throws {
    try await SlackDesk.with(
      reply: { $0 == 0 ? .answer(status: 429, headers: ["Retry-After": "600"]) : .answer(status: 200) }
    ) { slack in
      try await slack.pay(0..<2)
      let start = slack.desk.clock.now
      try await slack.working {
        try await ServerTests.soon("both wait") {
          let due = try await slack.desk.test.owner.query(
            "SELECT count(*) AS n FROM operations.slack_messages WHERE due_at >= \(start + .seconds(600))"
          ).first?.decode("n", as: Int.self)
          return due == 2
        }
        #expect(slack.messages.count == 1)
        slack.desk.clock.advance(seconds: 601)
        try await slack.soon("both are sent") { try await slack.count("sent") == 2 }
      }
      #expect(slack.messages.count == 3)
    }
  }

  @Test func whatMayPassIsTriedAgainAndGivenUpAfterADay() async throws {
    try await SlackDesk.with(reply: { $0.isMultiple(of: 2) ? .answer(status: 500) : .hangUp }) { slack in
      try await slack.pay(0..<1)
      try await slack.working {
        for attempt in 1...3 {
          try await ServerTests.soon("attempt \(attempt) failed") {
            let waiting = try await slack.count("queued")
            return slack.messages.count == attempt && waiting == 1
          }
          slack.desk.clock.advance(seconds: 600)
        }
        try await slack.soon("it is given up") {
          slack.desk.clock.advance(seconds: 3_600)
          return try await slack.count("failed") == 1
        }
      }
      #expect(try await slack.channel().brokenStatus == nil, "it may come back")
    }
  }

  @Test func afterAFailureThatPassedItIsSent() async throws {
    try await SlackDesk.with(reply: { $0 < 2 ? .answer(status: 503) : .answer(status: 200) }) { slack in
      try await slack.pay(0..<1)
      try await slack.working { try await slack.soon("it is sent") { try await slack.count("sent") == 1 } }
      #expect(slack.messages.count == 3 && Set(slack.messages).count == 1)
    }
  }

  @Test func whoHasTheTierNoMoreAndWhoRemovedTheChannelIsToldNothing() async throws {
    try await SlackDesk.with { slack in
      try await slack.pay(0..<1)
      try await slack.queue()
      try await slack.desk.test.log.handle(
        .changeTier(.pro, because: .unpaid, at: slack.desk.clock.now), by: Account.self, on: slack.account)
      try await slack.working { try await slack.soon("it is dropped") { try await slack.count("dropped") == 1 } }
      try await slack.desk.test.log.handle(
        .changeTier(.business, because: .operator, at: slack.desk.clock.now), by: Account.self, on: slack.account)
      try await slack.pay(1..<2)
      try await slack.queue()
      try await slack.channels.remove(
        from: slack.id, by: Actor(userID: slack.owner, origin: Origin(actorID: slack.owner)))
      try await slack.working { try await slack.soon("it is dropped") { try await slack.count("dropped") == 2 } }
      #expect(slack.messages.isEmpty)
    }
  }

  @Test func aChannelIsToldOfWhatItWasSetForAlone() async throws {
    try await SlackDesk.with { slack in
      try await slack.set([.members])
      try await slack.pay(0..<1)
      try await slack.desk.join("guest@example.com", slack.account, by: slack.owner, as: .admin)
      try await slack.working { try await slack.soon("two are sent") { try await slack.count("sent") == 2 } }
      let told = slack.messages.dropFirst()
      #expect(told.count == 2 && told.allSatisfy { $0.contains("guest@example.com") && !$0.contains("USD") })
    }
  }

  @Test func neitherQueueNorLogHoldsTheURL() async throws {
    try await SlackDesk.with { slack in
      try await slack.pay(0..<1)
      try await slack.working { try await slack.soon("it is sent") { try await slack.count("sent") == 1 } }
      for table: Query in [
        "SELECT string_agg(t::text, ' ') AS text FROM operations.slack_messages AS t",
        "SELECT string_agg(t::text, ' ') AS text FROM operations.slack_paces AS t",
        "SELECT string_agg(e.data::text, ' ') AS text FROM log.events AS e",
      ] {
        let text: String = try #require(try await slack.desk.test.owner.query(table).first?.decode("text"))
        #expect(!text.isEmpty && !text.contains("secret-w") && !text.contains(slack.receiver.url))
      }
      let channel = try #require(try await slack.channel().channel)
      #expect(channel.hint == "wXyZ")
      #expect(try await slack.desk.vault.open(channel.urlSealed, of: channel.channelID) == slack.url)
      // Another channel, and the one before can't be read again.
      try await slack.set()
      #expect(try await slack.desk.vault.open(channel.urlSealed, of: channel.channelID) == nil)
    }
  }
}
