import Application
import ArgumentParser
import Domain
import EventLog
import Foundation
import Postgres
import Server

/// `recount billing …`
struct BillingVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "billing",
    abstract: "Sell tiers through Stripe: set it up, see how it does, settle what needs somebody.",
    discussion: "STRIPE_API_KEY says through which account, and whether money moves.",
    subcommands: [Setup.self, State.self, Reconcile.self, Waiting.self, Resolve.self])

  /// Runs with a desk, and closes the log.
  static func with(_ body: (BillingDesk, Compose) async throws -> Void) async throws {
    let compose = try Compose()
    let log = try await compose.log()
    do {
      try await body(try compose.billingDesk(log), compose)
    } catch let failure as StripeFailure {
      await log.close()
      throw ValidationError("\(failure)")
    } catch {
      await log.close()
      throw error
    }
    await log.close()
  }

  /// `recount billing setup`
  struct Setup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make products, prices, portal and webhook endpoint at Stripe. Safe to run twice.",
      discussion: """
        The endpoint is made at RECOUNT_PUBLIC_URL, if that is an https address; its signing secret is kept sealed in the database, \
        beside those that STRIPE_WEBHOOK_SECRETS names.
        """)

    func run() async throws {
      try await BillingVerb.with { desk, compose in
        let mail = try MailSettings(address: compose.settings.serverAddress)
        for line in try await BillingSetup(desk: desk)(publicURL: mail.publicURL) { Terminal.say("\(line)") }
      }
    }
  }

  /// `recount billing status`
  struct State: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "status", abstract: "What is sold, how Stripe reaches us, and what waits to be said.")

    func run() async throws {
      try await BillingVerb.with { desk, compose in
        for line in try await BillingOperator(desk: desk).state() { Terminal.say("\(line)") }
        let pool = try compose.pool(as: .auditor, size: 1)
        let state = try await BillingProgress.of(pool, at: SystemClock().now)
        await pool.close()
        for line in state?.lines ?? [] { Terminal.say("\(line)") }
      }
    }
  }

  /// `recount billing reconcile`
  struct Reconcile: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Read what was missed, and hold what is known against what Stripe has, now rather than tonight.")

    func run() async throws {
      try await BillingVerb.with { desk, _ in
        try await BillingEventsJob(desk: desk).run(now: SystemClock().now)
        let (accounts, differences) = try await BillingReconcileJob(desk: desk).reconcile(anew: true)
        Terminal.say("\(accounts) accounts compared, \(differences.count) subscriptions differed")
        for subscription in differences { Terminal.say("taken over from Stripe: \(subscription)") }
      }
    }
  }
}
