import Domain
import EventLog
import Foundation
import MailServer
import Postgres
import TestDatabase
import Testing

@testable import Application
@testable import Server

/// Each mail once, and none forgotten: whatever fails, dies or runs beside it.
@Suite(.timeLimit(.whatHangs)) struct MailSenderTests {
  private func smtp(_ server: MailServer) throws -> SMTPTransport {
    SMTPTransport(to: try SMTPServer(url: "smtp://127.0.0.1:\(server.port)"))
  }

  @Test func severalProcessesAtOnceSendEachMailOnce() async throws {
    try await MailDesk.with { desk in
      try await MailServer.with { server in
        let people = 40
        let transport = try smtp(server)
        try await desk.working(3, through: transport) {
          for index in 0..<people {
            let person = try await desk.person("person\(index)@example.com")
            for purpose in [TokenIssued.Purpose.verifyEmail, .resetPassword] {
              try await desk.issueToken(purpose, to: person)
            }
          }
          try await soon("all are sent") { try await desk.count("sent") == people * 2 }
        }
        let received = try server.received()
        #expect(received.count == people * 2)
        #expect(Set(received.compactMap { $0.header("Message-ID") }).count == people * 2)
      }
    }
  }

  @Test func aBusyServerIsTriedAgainUnderTheSameMessageIDAndARefusalIsNot() async throws {
    try await MailDesk.with { desk in
      try await MailServer.with { server in
        try await desk.issueToken(.verifyEmail, to: try await desk.person("busy2@example.com"))
        let transport = try smtp(server)
        try await desk.working(through: transport) {
          for attempt in 1...2 {
            try await soon("attempt \(attempt) failed") { try await desk.attempts(in: "queued") == attempt }
            #expect(try await desk.reason()?.contains("451 4.3.2") == true)
            desk.clock.advance(seconds: 61)
          }
          try await soon("it is sent") { try await desk.count("sent") == 1 }
          let noted = try await desk.test.owner.query("SELECT message_id FROM operations.mails").first?
            .decode("message_id", as: String.self)
          #expect(try server.received().map { $0.header("Message-ID") } == ["<\(noted ?? "")>"])

          try await desk.issueToken(.verifyEmail, to: try await desk.person("nobody@example.com"))
          try await soon("it has failed") { try await desk.attempts(in: "failed") == 1 }
          desk.clock.advance(seconds: 86_400)
          #expect(try await desk.count("failed") == 1)
        }
      }
    }
  }

  @Test func whatASenderTookBeforeItWasKilledIsSentByAnother() async throws {
    try await MailDesk.with { desk in
      try await MailServer.with { server in
        try await desk.issueToken(.verifyEmail, to: try await desk.person("ada@example.com"))
        try await desk.queue()
        let now = desk.clock.now
        // It takes the mail, and is never heard of again.
        #expect(try await MailQueue(pool: desk.test.log.pool).take(at: now) != nil)
        #expect(try await MailQueue(pool: desk.test.log.pool).take(at: now) == nil)
        let transport = try smtp(server)
        try await desk.working(2, through: transport) {
          #expect(try await desk.count("sending") == 1)
          desk.clock.advance(seconds: MailQueue.lease / .seconds(1) + 1)
          try await soon("it is sent") { try await desk.count("sent") == 1 }
        }
        #expect(try server.received().count == 1)
      }
    }
  }

  /// The one window: accepted, but nobody knows. It is sent again, under the same id.
  @Test func anAcceptanceThatNeverArrivesMakesTheSameMailTwice() async throws {
    try await MailDesk.with { desk in
      try await MailServer.with { server in
        try await desk.issueToken(.verifyEmail, to: try await desk.person("dup@example.com"))
        let transport = try smtp(server)
        try await desk.working(through: transport) {
          try await soon("it failed") { try await desk.attempts(in: "queued") == 1 }
          desk.clock.advance(seconds: 61)
          try await soon("it is sent") { try await desk.count("sent") == 1 }
        }
        let received = try server.received()
        #expect(received.count == 2 && received[0].raw == received[1].raw)
      }
    }
  }

  @Test func theReactorAloneIsRepeatedWithoutSendingAnythingTwice() async throws {
    try await MailDesk.with { desk in
      try await desk.issueToken(.verifyEmail, to: try await desk.person("ada@example.com"))
      let box = Letterbox()
      try await desk.working(through: box) {
        try await soon("it is sent") { try await desk.count("sent") == 1 }
        // As from a backup of operations.reactors alone.
        try await desk.test.owner.query("UPDATE operations.reactors SET position = 0")
        try await desk.issueToken(.resetPassword, to: try await desk.person("bob@example.com"))
        try await soon("the other is sent") { try await desk.count("sent") == 2 }
      }
      #expect(await box.mails.count == 2)
    }
  }

  @Test func aMailIsGivenUpAfterADayAndTheReasonStays() async throws {
    try await MailDesk.with { desk in
      try await desk.issueToken(.verifyEmail, to: try await desk.person("ada@example.com"), minutes: 10_000)
      let box = Letterbox(failing: MailFailure(isPermanent: false, reason: "no route"))
      try await desk.working(through: box) {
        try await soon("it is tried") { await box.attempts == 1 }
        desk.clock.advance(seconds: 60)
        try await soon("it is tried again") { await box.attempts == 2 }
        try await soon("it is given up") {
          desk.clock.advance(seconds: 3_600)
          return try await desk.count("failed") == 1
        }
      }
      #expect(try await desk.reason()?.hasPrefix("given up after") == true)
    }
  }

  @Test func theBackOffDoublesUpToFourHoursAndEndsAfterADay() {
    let start = Instant.epoch
    var (now, attempt, pauses) = (start, 1, [Duration]())
    while let next = MailBackoff(attempt: attempt, queuedAt: start, now: now).next {
      pauses.append(next - now)
      (now, attempt) = (next, attempt + 1)
    }
    #expect(Array(pauses.prefix(3)) == [.seconds(30), .minutes(1), .minutes(2)])
    #expect(pauses.max() == .hours(4))
    #expect(now < start + .days(1) && now > start + .seconds(70_000))
  }

  /// The database goes away with SIGKILL while mails are under way.
  @Test func aKilledDatabaseLosesNoMail() async throws {
    let cluster = try await Cluster.start(settings: ["fsync": "on"])
    do {
      try await MailDesk.with(in: cluster) { desk in
        try await MailServer.with { server in
          let transport = try smtp(server)
          try await desk.working(2, through: transport) {
            for index in 0..<10 {
              try await desk.issueToken(
                .verifyEmail, to: try await desk.person("a\(index)@example.com"), minutes: 10_000)
            }
            try await cluster.kill9()
            try await cluster.restart()
            // Those that were being taken when it died are due again when their lease is over.
            try await soon("all are sent") {
              desk.clock.advance(seconds: 20)
              return (try? await desk.count("sent")) == 10
            }
          }
          let ids = Set(try server.received().compactMap { $0.header("Message-ID") })
          #expect(ids.count == 10)
        }
      }
    } catch {
      try await cluster.discard()
      throw error
    }
    try await cluster.discard()
  }
}

extension MailDesk {
  /// How often the only mail in a state has been tried; zero when there is none.
  func attempts(in state: String) async throws -> Int {
    try await test.owner.query("SELECT max(attempts) AS n FROM operations.mails WHERE state = \(state)").first?
      .decode("n", as: Int?.self) ?? 0
  }
}
