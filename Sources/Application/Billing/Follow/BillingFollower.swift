import Domain
package import EventLog
import Foundation
package import Postgres

/// Notes which accounts have something new from Stripe: the fact is in the log, what follows from it is still to be said.
///
/// Unlike a reactor it has no horizon: a fact that was passed over would be money that was paid for nothing.
package struct BillingFollower: Follower {
  private let archive: ArchiveReader?
  private let clock: any WallClock

  /// - Parameter archive: where months lie that have left the database while nobody followed.
  package init(archive: ArchiveReader?, clock: any WallClock = SystemClock()) {
    self.archive = archive
    self.clock = clock
  }

  /// As `operations.reactors` has it.
  package let name = "billing"
  /// `operations.reactors`
  package var progress: ProgressTable { .reactors }
  /// It is tried for ever.
  package var patience: Int? { nil }

  private static let types = StripeCustomer.Event.kinds.map(\.type) + contactTypes
  /// What may change where bills go.
  private static let contactTypes = [
    EmailChanged.kind.type, UserErased.kind.type, MemberRoleChanged.kind.type, MemberRemoved.kind.type,
  ]

  /// From the log's beginning.
  package func begin(on pool: Pool) async throws { try await progress.begin(name, at: .epoch, on: pool) }

  /// Also through archived months.
  package nonisolated(nonsending) func cut(
    after lease: Lease, most: Int64, on connection: Connection
  ) async throws -> Cut? {
    try await Cut.next(after: lease.position, of: lease.shard, most: most, archive: archive, connection)
  }

  /// Notes links, what objects are whose, and whose account is due.
  package nonisolated(nonsending) func follow(
    _ cut: Cut, from lease: Lease, on connection: Connection
  ) async throws {
    let events = try await LoggedEvent.all(in: cut, ofTypes: Self.types, since: .epoch, on: connection)
    var streams: Set<String> = []
    var (people, accounts): (Set<UUID>, Set<UUID>) = ([], [])
    for event in events {
      if Self.contactTypes.contains(event.type) {
        if let account = event.accountID { accounts.insert(account) }
        if let person = try event.person { people.insert(person) }
        continue
      }
      guard let name = event.stream,
        let fact = try StripeCustomer.Event.decode(event.type, from: Array(event.data.utf8))
      else { continue }
      streams.insert(name)
      try await note(fact, in: name, on: connection)
    }
    if !people.isEmpty || !accounts.isEmpty {
      try await connection.query(
        "SELECT operations.note_billing_contacts(\(Array(people)), \(Array(accounts)), \(clock.now))")
    }
    guard !streams.isEmpty else { return }
    try await connection.query("SELECT operations.note_billing_facts(\(streams.sorted()), \(clock.now))")
  }

  private nonisolated(nonsending) func note(
    _ fact: StripeCustomer.Event, in stream: String, on connection: Connection
  ) async throws {
    let objects = fact.objects
    switch fact {
    case .linked(let linked):
      let mode = StripeMode(stripeAccount: linked.stripeAccount, livemode: linked.livemode)
      try await connection.query(
        BillingCustomers.noting(StripeStream(linked.customer, in: mode), of: linked.accountID))
    case .received, .fetched:
      guard !objects.isEmpty else { return }
      try await connection.query("SELECT operations.note_billing_objects(\(stream), \(objects))")
    }
  }
}

extension LoggedEvent {
  /// Whose address has changed, or who is erased.
  fileprivate var person: UUID? {
    get throws {
      switch try User.Event.decode(type, from: Array(data.utf8)) {
      case .emailChanged(let changed): changed.userID
      case .erased(let erased): erased.userID
      default: nil
      }
    }
  }
}

extension StripeCustomer.Event {
  /// What a payment may be known by that names no customer.
  fileprivate var objects: [String] {
    switch self {
    case .received(let received): Self.objects(of: received.facts, received.objectID)
    case .fetched(let fetched): Self.objects(of: fetched.facts, fetched.objectID)
    case .linked: []
    }
  }

  private static func objects(of facts: StripeFacts, _ id: String) -> [String] {
    let own = facts.invoice != nil || facts.charge != nil ? id : nil
    let named = [
      facts.payment?.invoice, facts.payment?.paymentIntent, facts.payment?.charge, facts.charge?.paymentIntent,
      facts.refund?.charge, facts.refund?.paymentIntent, facts.dispute?.charge, facts.dispute?.paymentIntent, own,
    ]
    return Set(named.compactMap { $0 }).sorted()
  }
}
