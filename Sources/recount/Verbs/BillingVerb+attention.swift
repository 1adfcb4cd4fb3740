import Application
import ArgumentParser
import Domain
import EventLog
import Foundation
import Server

extension BillingVerb {
  /// `recount billing attention`
  struct Waiting: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "attention", abstract: "What somebody has to look at, with its account and Stripe's id.")

    func run() async throws {
      try await BillingVerb.with { desk, _ in
        let items = try await BillingOperator(desk: desk).attention()
        for item in items { Terminal.say("\(item.account.text)  \(item.what)  \(item.subject)") }
        if items.isEmpty { Terminal.say("Nothing waits for you.") }
      }
    }
  }

  /// `recount billing resolve`
  struct Resolve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Say that you have looked at something that `recount billing attention` lists.",
      discussion: """
        Of two subscriptions that are paid at once, --cancel names the one that is to go: it is canceled at Stripe at once, and its last \
        payment given back.
        """)

    @Option(help: "The account's id.")
    var account: UUID

    @Option(help: "\(BillingAttentionNeeded.Attention.allCases.map(\.rawValue).joined(separator: ", ")).")
    var what: BillingAttentionNeeded.Attention

    @Option(help: "Stripe's id, as the list has it.")
    var subject: String

    @Option(help: "What was done: kept in the log for ever.")
    var reason: String

    @Option(help: "A subscription to be canceled and refunded, sub_….")
    var cancel: String?

    func validate() throws {
      guard cancel == nil || what == .twoSubscriptions else {
        throw ValidationError("--cancel: goes with --what two_subscriptions alone")
      }
    }

    func run() async throws {
      try await BillingVerb.with { desk, _ in
        do {
          try await BillingOperator(desk: desk).resolve(
            what, of: subject, for: account, because: reason, canceling: cancel)
        } catch Billing.Failure.noSuchAttention {
          throw ValidationError("--subject: nothing of this waits: see `recount billing attention`")
        } catch Billing.Failure.noSubscription {
          throw ValidationError("--cancel: the account has no such subscription")
        }
        Terminal.say("resolved")
      }
    }
  }
}

extension BillingAttentionNeeded.Attention: ExpressibleByArgument {}
