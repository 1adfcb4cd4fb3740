import Domain
import Foundation

/// What a notice takes of an event's data, named so that the compiler finds it missing.
typealias Path<Event, Value> = any KeyPath<Event, Value> & Sendable

/// Whom a notice is told to.
enum Recipients<Event>: Sendable {
  /// The vault's subject whose key opens the address.
  case subject(Path<Event, UUID>)
  /// The members of the account that the event belongs to who have one of these roles, each once; nobody where its tier lacks what is needed.
  case members(Set<Account.Role>, needing: TierFeature? = nil)

  /// The owners of the account that the event belongs to.
  static var owners: Self { .members([.owner]) }

  func recipients(of event: Event, _ logged: LoggedEvent) -> Telling.Recipients? {
    switch self {
    case .subject(let path): .subject(event[keyPath: path])
    case .members(let roles, let gate):
      logged.accountID.map { .members(Telling.Members(account: $0, roles: roles, gate: gate)) }
    }
  }
}

/// Where a notice goes that goes by mail.
enum Address<Event>: Sendable {
  /// Where the person reads mail when it is sent.
  case current
  /// Where they read it before the event: whoever took the account over has the new address.
  case former
  /// The one in the event, which is to be proven.
  case given(@Sendable (Event) -> String?)

  func address(in event: Event, _ logged: LoggedEvent) -> Telling.Address {
    switch self {
    case .current: .current
    case .former: .before(logged.position)
    case .given(let read): .sealed(read(event))
    }
  }
}

/// A fact that a notice tells.
struct Fact<Event>: Sendable {
  /// As templates have it.
  let name: String
  let value: @Sendable (Event, LoggedEvent) -> FactValue?

  /// When it happened: `at`.
  static var at: Self { Fact(name: "at") { _, logged in .time(logged.recordedAt) } }
  /// The account: `account`.
  static var account: Self {
    Fact(name: "account") { _, logged in logged.accountID.map(FactValue.account) }
  }
  /// The month that the log itself meters it in: `month`.
  static var month: Self { Fact(name: "month") { _, logged in logged.month.map(FactValue.text) } }
  /// When that month ends, and its quota begins anew: `reset`.
  static var reset: Self {
    Fact(name: "reset") { _, logged in logged.month.flatMap { CalendarMonth($0) }.map { .time($0.next.start) } }
  }
  /// The account, as addresses have it: `account_id`.
  static var accountID: Self { Fact(name: "account_id") { _, logged in logged.accountID.map { .text($0.text) } } }

  static func time(_ name: String, _ path: Path<Event, Instant>) -> Self {
    Fact(name: name) { event, _ in .time(event[keyPath: path]) }
  }

  static func time(_ name: String, by read: @escaping @Sendable (Event) -> Instant?) -> Self {
    Fact(name: name) { event, _ in read(event).map(FactValue.time) }
  }

  static func person(_ name: String, _ path: Path<Event, UUID>) -> Self {
    Fact(name: name) { event, _ in .person(event[keyPath: path]) }
  }

  static func number(_ name: String, _ path: Path<Event, Int>) -> Self {
    Fact(name: name) { event, _ in .number(event[keyPath: path]) }
  }

  static func number(_ name: String, by read: @escaping @Sendable (Event) -> Int) -> Self {
    Fact(name: name) { event, _ in .number(read(event)) }
  }

  static func text(_ name: String, _ read: @escaping @Sendable (Event) -> String) -> Self {
    Fact(name: name) { event, _ in .text(read(event)) }
  }
}

/// What a notice asks its reader to do with the token of an event.
struct Link<Event>: Sendable {
  let place: NoticeLink
  let token: Path<Event, UUID>
  /// Whose stream decides on it.
  let owner: Path<Event, UUID>
  /// When it stops working.
  let expiry: Path<Event, Instant>

  init(
    page: String, call: String, token: Path<Event, UUID>, of owner: Path<Event, UUID>, for purpose: String,
    until expiry: Path<Event, Instant>, takes: NoticeLink.Input = .nothing
  ) {
    place = NoticeLink(page: page, call: call, purpose: purpose, takes: takes)
    self.token = token
    self.owner = owner
    self.expiry = expiry
  }
}
