import EventLog
import Foundation
import TestDatabase
import Testing

@testable import Application
@testable import Domain
@testable import Server

/// What owners are told about what they pay for.
@Suite(.timeLimit(.whatHangs)) struct BillingNoticeTests {
  @Test func ownersAloneAreToldOfPaymentsInTheirCurrencysWords() async throws {
    try await MailDesk.with { desk in
      let owner = try await desk.person("owner@example.com")
      let account = try await desk.account(of: owner)
      try await desk.join("admin@example.com", account, by: owner, as: .admin)
      let id = try #require(account.accountID)
      let next = Instant(milliseconds: 1_795_516_200_000)
      try await desk.bill(
        account,
        [
          .paymentFailed(
            PaymentFailed(
              accountID: id, invoice: "in_1", currency: "usd", amountDue: 900, attemptCount: 1,
              nextPaymentAttempt: next, attempt: .first)),
          .paymentFailed(
            PaymentFailed(
              accountID: id, invoice: "in_1", currency: "jpy", amountDue: 900, attemptCount: 4,
              nextPaymentAttempt: nil, attempt: .last)),
          .paymentRecovered(PaymentRecovered(accountID: id, invoice: "in_1", currency: "kwd", amountPaid: 900)),
        ])
      let mails = try await desk.mails(3)
      #expect(mails.allSatisfy { $0.to.address == "owner@example.com" })
      #expect(
        Set(mails.map(\.subject.text)) == [
          "A payment of USD 9.00 failed", "JPY 900 could not be collected", "KWD 0.900 is paid",
        ])
      #expect(mails.allSatisfy { $0.text.contains("\(desk.base)/billing?account=\(id.text)") })
      #expect(
        mails.allSatisfy { !$0.text.contains("stripe") && !$0.html.contains("stripe") && !$0.text.contains("in_1") })
      #expect(mails.contains { $0.text.contains("tried again on \(MailDate(next).short)") })
    }
  }

  @Test func aLowerTierIsToldWithWhatItMeansForQuotaAndDetail() async throws {
    try await MailDesk.with { desk in
      let account = try await desk.account(of: try await desk.person("owner@example.com"), tier: .business)
      let id = try #require(account.accountID)
      // 24 Nov 2026, 14:30 UTC.
      let begins = Instant(milliseconds: 1_795_530_600_000)
      try await desk.bill(
        account,
        [
          .tierChangeScheduled(
            TierChangeScheduled(accountID: id, subscription: "sub_1", fromTier: .business, toTier: .pro, at: begins)),
          // Taken back: nobody waits to be told.
          .tierChangeScheduled(
            TierChangeScheduled(accountID: id, subscription: "sub_1", fromTier: .business, toTier: nil, at: nil)),
        ])
      let mail = try #require(try await desk.mails(1).first)
      #expect(mail.subject.text == "Business changes to Pro on \(MailDate(begins).short)")
      let text = mail.text.replacing("\n", with: " ")
      let month = "\(CalendarMonth(of: begins))"
      #expect(text.contains("Its quota of \(month) (UTC) stays what it is; from the next month on it is 50000 events"))
      #expect(text.contains("Detail older than 30 days is kept until \(MailDate(begins + .days(7)).short)"))
    }
  }

  @Test(arguments: TierChanged.Cause.allCases) func anEndSaysWhetherTheQuotaCountsAtOnce(
    cause: TierChanged.Cause
  ) async throws {
    try await MailDesk.with { desk in
      let account = try await desk.account(of: try await desk.person("owner@example.com"))
      let ended = SubscriptionEnded(
        accountID: try #require(account.accountID), subscription: "sub_1", fromTier: .pro, toTier: .free, cause: cause)
      try await desk.bill(account, [.subscriptionEnded(ended)])
      let text = try #require(try await desk.mails(1).first).text.replacing("\n", with: " ")
      #expect(text.contains("at once, that of this month included") == cause.countsAtOnce)
      #expect(text.contains("stays what it was; from the next month on it is 1000 events") == !cause.countsAtOnce)
      #expect(text.contains("finds it again") == cause.countsAtOnce)
    }
  }

  @Test func anUpgradeThatWasNotPaidAndASubscriptionThatIsPausedAreToldAsWhatTheyAre() async throws {
    try await MailDesk.with { desk in
      let account = try await desk.account(of: try await desk.person("owner@example.com"))
      let id = try #require(account.accountID)
      try await desk.bill(
        account,
        [
          .upgradeExpired(
            UpgradeExpired(
              accountID: id, subscription: "sub_1", tier: .pro, toTier: .business, at: 1_795_530_600_000)),
          .subscriptionEnded(
            SubscriptionEnded(
              accountID: id, subscription: "sub_1", fromTier: .pro, toTier: .free, cause: .subscription, isPaused: true)
          ),
        ])
      let mails = try await desk.mails(2)
      let texts = Dictionary(uniqueKeysWithValues: mails.map { ($0.subject.text, $0.text.replacing("\n", with: " ")) })
      let lapsed = try #require(texts["The upgrade to Business was not paid"])
      #expect(
        lapsed.contains("for it: the account keeps Pro.") && lapsed.contains("/billing?account="))
      #expect(texts["The subscription to Pro is paused"]?.contains("it gives nothing until it is resumed") == true)
    }
  }

  @Test func whoHasTheHighestTierIsNotToldOfAHigherOne() throws {
    let notice = try #require(Notice.named("quota_exceeded"))
    for (limit, isAdvised) in [(1_000, true), (50_000, true), (500_000, false), (2_000_000, false)] {
      let event = LoggedEvent(
        shard: 0, position: 1, recordedAt: .epoch, type: "quota_exceeded", stream: nil, accountID: UUID(),
        month: "2026-12", data: #"{"used": \#(limit), "limit": \#(limit), "percent": 100}"#)
      let telling = try #require(try notice.telling(of: event))
      let words = try MailWording().words(notice, telling.facts, base: "https://recount.example.com", action: nil)
      #expect(words.text.contains("higher tier") == isAdvised)
      #expect(words.text.contains("2026-12") && words.text.contains("\(limit)"))
      #expect(words.text.contains("1 Jan 2027 00:00 UTC"))
    }
  }
}

extension MailDesk {
  /// What the process manager says of what an account pays.
  func bill(_ account: StreamID, _ events: [Billing.Event]) async throws {
    let stream = StreamID(
      name: "billing-\(try #require(account.accountID).text)", shard: account.shard, accountID: account.accountID)
    try await test.log.handle(Billing.self, on: stream) { _ in events }
  }

  /// The mails that are no invitations, once there are so many and nothing waits.
  func mails(_ count: Int) async throws -> [Mail] {
    let box = Letterbox()
    try await working(through: box) {
      try await soon("nothing is left to be sent") {
        let waiting = try await self.count("queued") + self.count("sending")
        let sent = try await self.count("sent")
        return sent >= count && waiting == 0
      }
    }
    let mails = await box.mails.filter { !$0.subject.text.hasPrefix("You are invited") }
    #expect(mails.count == count)
    return mails
  }
}
