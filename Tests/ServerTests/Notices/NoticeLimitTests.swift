import EventLog
import Foundation
import Postgres
import TestDatabase
import Testing

@testable import Application
@testable import Domain
@testable import Server

/// Whom mails about an account reach, and how many.
@Suite(.timeLimit(.whatHangs)) struct NoticeLimitTests {
  private func payments(_ count: Int, of account: UUID) -> [Billing.Event] {
    (0..<count).map {
      .paymentRecovered(
        PaymentRecovered(accountID: account, invoice: "in_\($0)", currency: "usd", amountPaid: 10_000 + $0))
    }
  }

  @Test func whatIsDeclinedIsNotMailedAndSecurityIsAllTheSame() async throws {
    try await MailDesk.with { desk in
      let owner = try await desk.person("owner@example.com")
      let account = try await desk.account(of: owner)
      try await desk.join("second@example.com", account, by: owner, as: .owner)
      try await desk.tell(owner, .decline([.payments]))
      try await desk.bill(account, payments(1, of: try #require(account.accountID)))
      try await desk.tell(owner, .requestDeletion(due: desk.clock.now + .days(30)))
      let mails = try await desk.mails(2)
      #expect(
        Set(mails.map { "\($0.to.address) \($0.subject.text)" }) == [
          "second@example.com USD 100.00 is paid", "owner@example.com Your user will be deleted",
        ])
      let told = try #require(mails.first { $0.to.address == "second@example.com" })
      let lines = String(decoding: told.rendered(), as: UTF8.self)
      let unsubscribe = try #require(told.unsubscribe)
      #expect(lines.contains("List-Unsubscribe:\r\n <\(unsubscribe)>\r\n"))
      #expect(lines.contains("\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"))
      #expect(unsubscribe.hasPrefix("\(desk.base)/api/v1/notices/unsubscribe?token="))
      #expect(told.text.contains("\(desk.base)/unsubscribe?token=") && told.html.contains("/unsubscribe?token="))
      let secure = try #require(mails.first { $0.to.address == "owner@example.com" })
      #expect(secure.unsubscribe == nil && !String(decoding: secure.rendered(), as: UTF8.self).contains("Unsubscribe"))
    }
  }

  @Test func tenComeInAnHourAndThenOneThatSaysHowManyMore() async throws {
    try await MailDesk.with { desk in
      let owner = try await desk.person("owner@example.com")
      let account = try await desk.account(of: owner)
      try await desk.bill(account, payments(25, of: try #require(account.accountID)))
      // What concerns the person is not held back with it.
      try await desk.tell(owner, .requestDeletion(due: desk.clock.now + .days(30)))
      try await desk.queue()
      #expect(try await desk.count("held") == 15)
      // As from a backup of operations.reactors alone.
      try await desk.test.owner.query("UPDATE operations.reactors SET position = 0, hash = NULL")
      try await desk.queue()
      #expect(try await desk.count("held") == 15)
      let box = Letterbox()
      try await desk.working(2, through: box) {
        try await soon("eleven are sent") { try await desk.count("sent") == 11 }
        desk.clock.advance(seconds: 2 * 3_600)
        try await soon("the last is sent") { try await desk.count("sent") == 12 }
      }
      let mails = await box.mails
      #expect(mails.count == 12)
      let last = try #require(mails.first { $0.subject.text == "… and 15 more" })
      #expect(last.to.address == "owner@example.com" && last.text.contains("15 further notices"))
    }
  }

  @Test func othersAndOtherAccountsHaveTenOfTheirOwn() async throws {
    try await MailDesk.with { desk in
      let owner = try await desk.person("owner@example.com")
      for _ in 0..<2 {
        let account = try await desk.account(of: owner)
        try await desk.join("guest\(UUID().uuidString.prefix(4))@example.com", account, by: owner, as: .owner)
        try await desk.bill(account, payments(12, of: try #require(account.accountID)))
      }
      try await desk.queue()
      // Two invitations, ten notices to each of two owners of two accounts, and to each the one that is due later.
      #expect(try await desk.count("queued") == 2 + 4 * 11)
      #expect(try await desk.count("held") == 4 * 2)
    }
  }
}
