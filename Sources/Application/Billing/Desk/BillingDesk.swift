package import Domain
package import Foundation

package struct BillingDesk: Sendable {
  package struct NoSuchInvoice: Error {}
  package var mode: StripeMode { get async throws { throw NoSuchInvoice() } }
  package func sold() async throws -> [Tier] { [] }
  package func checkout(_ tier: Tier, of account: UUID, back: BillingReturn, by actor: Actor) async throws
    -> BillingPage
  { throw NoSuchInvoice() }
  @discardableResult
  package func confirm(session: String, of account: UUID, by actor: Actor) async throws -> BillingSessionState {
    throw NoSuchInvoice()
  }
  package func preview(_ tier: Tier, of account: UUID, by actor: Actor) async throws -> BillingPreview {
    throw NoSuchInvoice()
  }
  package func upgrade(to tier: Tier, of account: UUID, prorationDate: Instant, by actor: Actor) async throws
    -> BillingUpgrade
  { throw NoSuchInvoice() }
  package func downgrade(to tier: Tier, of account: UUID, by actor: Actor) async throws -> Recorded {
    throw NoSuchInvoice()
  }
  package func cancel(_ account: UUID, by actor: Actor) async throws -> Recorded { throw NoSuchInvoice() }
  package func undo(_ account: UUID, by actor: Actor) async throws -> Recorded { throw NoSuchInvoice() }
  package func portal(of account: UUID, back: String, by actor: Actor) async throws -> BillingPage {
    throw NoSuchInvoice()
  }
  package func documents(of invoice: String, in account: UUID, by actor: Actor) async throws -> BillingDocuments {
    throw NoSuchInvoice()
  }
}
