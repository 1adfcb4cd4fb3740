import Domain
import EventLog
import Foundation
import Postgres
import TestDatabase
import Testing

@testable import Application

/// Comparisons with Stripe, and the reading of its events, that are stopped in the middle.
@Suite(.timeLimit(.whatHangs)) struct BillingRoundTests {
  /// Accounts with a customer each that nobody knows by any event, in the order that they are compared in.
  private func customers(_ count: Int, of till: Till) async throws -> [String] {
    var made: [(account: UUID, customer: String)] = []
    for _ in 0..<count {
      let buyer = try await till.buyer()
      made.append((buyer.account, try await till.desk.customer(of: buyer.account, for: buyer.actor.userID).subject))
    }
    return made.sorted { $0.account.uuidString < $1.account.uuidString }.map(\.customer)
  }

  /// The customers that were asked about, in their order.
  private func asked(_ till: Till) async throws -> [String] {
    try await till.stripe.calls("GET", "/v1/subscriptions").compactMap { $0["parameters"]["customer"].string }
  }

  private func progress(_ till: Till) async throws -> BillingProgress {
    try #require(try await BillingProgress.of(till.desk.log.pool, at: till.service.clock.now))
  }

  @Test func aComparisonThatIsStoppedGoesOnWithTheNextAccountAndComparesEachOnceInARound() async throws {
    try await Till.with { till in
      let customers = try await customers(5, of: till)
      let job = BillingReconcileJob(desk: till.desk)
      let (reached, signal) = AsyncStream<Void>.makeStream()
      let stopped = Task {
        defer { signal.finish() }
        return try await job.reconcile { count in
          guard count == 2 else { return }
          signal.yield()
          try? await Task.sleep(for: .seconds(120))
        }
      }
      for await _ in reached { break }
      stopped.cancel()
      await #expect(throws: CancellationError.self) { try await stopped.value }
      #expect(try await asked(till) == Array(customers.prefix(2)))
      var state = try await progress(till)
      #expect(state.compared == nil && state.comparing?.accounts == 2 && state.comparing?.of == 5)
      #expect(state.lines.contains { $0.hasPrefix("comparing  2 of 5 accounts since ") }, "\(state.lines)")
      // Another process, another time.
      try await BillingReconcileJob(desk: till.desk).run(now: till.service.clock.now)
      #expect(try await asked(till) == customers)
      state = try await progress(till)
      #expect(state.comparing == nil && state.compared?.accounts == 5 && state.concerns.isEmpty)
      #expect(
        state.lines.contains { $0.hasPrefix("compared   5 accounts with what Stripe has, until ") }, "\(state.lines)")
      // The next night.
      #expect(try await job.reconcile().accounts == 5)
      #expect(try await asked(till) == customers + customers)
    }
  }

  @Test func whoAsksForItNowHasAllComparedThoughARoundIsUnderWay() async throws {
    try await Till.with { till in
      let customers = try await customers(4, of: till)
      let job = BillingReconcileJob(desk: till.desk)
      try await BillingRounds(pool: till.desk.log.pool).move(
        BillingRounds(pool: till.desk.log.pool).begin(
          in: till.desk.side.mode(), at: till.service.clock.now, anew: false),
        past: #require(UUID(uuidString: "ffffffff-ffff-ffff-ffff-ffffffffffff")), differing: 1)
      #expect(try await job.reconcile(anew: true).accounts == 4)
      #expect(try await asked(till) == customers)
      #expect(try await progress(till).compared?.differing == 0)
    }
  }

  @Test func whereStripeIsAwayTheComparisonWaitsForItAndPassesNobodyOver() async throws {
    try await Till.with { till in
      let customers = try await customers(4, of: till)
      let job = BillingReconcileJob(desk: till.desk)
      try await till.stripe.test(
        "faults", #"{"method": "GET", "path": "/v1/subscriptions", "times": 3, "status": 500}"#)
      await #expect(throws: StripeFailure.self) { try await job.reconcile() }
      #expect(try await asked(till).count == 3)
      #expect(try await job.reconcile().accounts == 4)
      #expect(try await asked(till) == Array(customers.prefix(3)) + customers)
      #expect(try await progress(till).compared?.failed == 0)
    }
  }

  @Test func oneAccountThatCannotBeComparedKeepsNoOtherWaitingAndIsTold() async throws {
    try await Till.with { till in
      let customers = try await customers(3, of: till)
      let job = BillingReconcileJob(desk: till.desk)
      for status in [500, 400] {
        try await till.stripe.test(
          "faults", #"{"method": "GET", "path": "/v1/subscriptions", "times": 1, "status": \#(status)}"#)
        #expect(try await job.reconcile().accounts == 3)
        let state = try await progress(till)
        #expect(
          state.compared?.failed == 1 && state.concerns.contains { $0.contains("1 accounts could not be compared") })
      }
      #expect(try await asked(till) == customers + customers)
    }
  }

  @Test func theLastAccountThatStripeNeverAnswersForDoesNotKeepTheRoundOpen() async throws {
    try await Till.with { till in
      _ = try await customers(3, of: till)
      let (mode, now) = (try await till.desk.side.mode(), till.service.clock.now)
      let rounds = BillingRounds(pool: till.desk.log.pool)
      let round = try await rounds.begin(in: mode, at: now - .hours(25), anew: false)
      let accounts = try await BillingCustomers(log: till.desk.log).accounts(in: mode, after: nil)
      for account in accounts.dropLast() { try await rounds.move(round, past: account, differing: 0) }
      try await till.stripe.test(
        "faults", #"{"method": "GET", "path": "/v1/subscriptions", "times": 1, "status": 500}"#)
      #expect(try await BillingReconcileJob(desk: till.desk).reconcile().accounts == 3)
      #expect(try await progress(till).compared?.failed == 1)
    }
  }

  @Test func theListOfEventsIsReadOnFromThePageWhereItStopped() async throws {
    try await Till.with { till in
      let early = try await till.buyer()
      try await till.pay(.pro, early)
      let charge = try #require(try await till.stripe.state()["charge"].members.keys.first)
      try await till.stripe.test("dashboard/dispute", #"{"charge": "\#(charge)"}"#)
      let late = try await till.buyer()
      try await till.pay(.pro, late)
      // The dispute is asked about when the pages before its own, the newer ones, are read.
      try await till.stripe.test("faults", #"{"method": "GET", "path": "/v1/charges/*", "times": 1, "status": 500}"#)
      let job = BillingEventsJob(desk: till.desk, rows: 3)
      await #expect(throws: StripeFailure.self) { try await job.run(now: till.service.clock.now) }
      let first = try await pages(till)
      #expect(first.count > 1)
      try await job.run(now: till.service.clock.now)
      let second = Array(try await pages(till).dropFirst(first.count))
      #expect(second.first == first.last && second.first != "", "the page that was not read whole")
      #expect(Set(first + second).count == first.count + second.count - 1, "and no other again")
      try await till.follow()
      #expect(try await till.tier(of: early) == .pro)
      #expect(try await till.tier(of: late) == .pro)
      #expect(try await till.events("dispute_opened", of: early) == 1)
      try await job.run(now: till.service.clock.now)
      #expect(try await pages(till)[first.count + second.count] == "", "the next reading begins anew")
    }
  }

  /// What each page came after; empty of the first.
  private func pages(_ till: Till) async throws -> [String] {
    try await till.stripe.calls("GET", "/v1/events").map { $0["parameters"]["starting_after"].string ?? "" }
  }
}
