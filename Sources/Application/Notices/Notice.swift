import Domain
import Foundation

/// Something that people are told of, as one value: which event it tells of, whom it is told to and where, what it says, what it asks
/// them to do. ``all`` is the table of them; whoever brings the news, by mail or otherwise, makes everything of these values and knows
/// none by name.
///
/// The way of a notice: a reactor sees an event that one tells of (``types``), asks whom it is told to (``telling(of:)``), and queues it.
/// When it is sent it is told again, from the event as the log has it, and rendered.
package struct Notice: Sendable {
  /// What it is called where it is queued, and its template. Never changes.
  package let name: String
  /// The type of the events that it tells of.
  let type: String
  /// What makes it another notice to the same person.
  let occasion: Occasion
  /// When it is of no use any more.
  let standing: Standing
  /// What it is about; nil: the reader's own security, which nobody can turn off.
  let topic: NoticeTopic?
  /// How the news is brought.
  let ways: Set<Way>
  /// The names of the facts that it tells: its templates may use these.
  let says: [String]
  /// What it asks its reader to do, if anything.
  let link: NoticeLink?
  private let tell: @Sendable (LoggedEvent) throws -> Telling?

  /// What it says about an event; nil when the event is none of those that it tells of. Throws `DecodingError`.
  func telling(of event: LoggedEvent) throws -> Telling? {
    guard event.type == type else { return nil }
    return try tell(event)
  }

  /// How news is brought: each way has a reactor that queues, and a sender.
  enum Way {
    case mail, slack
  }

  /// What makes it another notice.
  enum Occasion {
    /// Each event.
    case event
    /// An hour with any number of events, so that nobody can fill another's mailbox.
    case hour
  }

  /// When it is of use.
  enum Standing {
    case always
    /// Nobody is to be asked to accept what was taken back.
    case whileTheInvitationIsOpen
  }

  /// The notice of a name; nil when another version of this program has it.
  static func named(_ name: String) -> Notice? { byName[name] }

  private static let byName = Dictionary(uniqueKeysWithValues: (all + [more]).map { ($0.name, $0) })

  /// That there were more than are brought one by one. It tells of no event.
  static let more = Notice(
    "more", ofType: "more", to: Recipients<Nothing>.owners,
    saying: [.account, .accountID, .number("count") { _ in 0 }])

  private struct Nothing: Decodable {}

  /// Those that are brought one way.
  static func all(by way: Way) -> [Notice] { all.filter { $0.ways.contains(way) } }
}

/// What a notice asks its reader to do with a token: open a page, or make a call. Links must go on working for as long as mails lie
/// about: change none.
struct NoticeLink: Sendable {
  /// The page's path.
  let page: String
  /// The call's path.
  let call: String
  /// What the token is made for.
  let purpose: String
  /// What the call takes beside the token.
  let takes: Input

  /// What the reader gives beside the token.
  enum Input {
    case nothing, newPassword
    /// Only who is logged in can join, or change what is theirs.
    case logIn
  }
}

extension Notice {
  /// One about events of a domain type, of which `isMeant` picks some.
  init<Event: EventData>(
    _ name: String, of _: Event.Type, where isMeant: @escaping @Sendable (Event) -> Bool = { _ in true },
    once occasion: Occasion = .event, to recipients: Recipients<Event>, at address: Address<Event> = .current,
    saying facts: [Fact<Event>] = [], asking link: Link<Event>? = nil, standing: Standing = .always,
    about topic: NoticeTopic? = nil, by ways: Set<Way> = [.mail]
  ) {
    self.init(
      name, ofType: Event.kind.type, where: isMeant, once: occasion, to: recipients, at: address, saying: facts,
      asking: link, standing: standing, about: topic, by: ways)
  }

  /// The same about events that the log itself adds, as far as a notice reads them.
  init<Event: Decodable & Sendable>(
    _ name: String, ofType type: String, where isMeant: @escaping @Sendable (Event) -> Bool = { _ in true },
    once occasion: Occasion = .event, to recipients: Recipients<Event>, at address: Address<Event> = .current,
    saying facts: [Fact<Event>] = [], asking link: Link<Event>? = nil, standing: Standing = .always,
    about topic: NoticeTopic? = nil, by ways: Set<Way> = [.mail]
  ) {
    self.name = name
    self.type = type
    self.occasion = occasion
    self.standing = standing
    self.topic = topic
    self.ways = ways
    self.link = link?.place
    says = facts.map(\.name)
    tell = { logged in
      let event = try EventCoding.decode(Event.self, from: Array(logged.data.utf8))
      guard isMeant(event) else { return nil }
      return Telling(
        recipients: recipients.recipients(of: event, logged), address: address.address(in: event, logged),
        facts: Dictionary(
          uniqueKeysWithValues: facts.compactMap { fact in fact.value(event, logged).map { (fact.name, $0) } }),
        token: link.map { Telling.Token(id: event[keyPath: $0.token], owner: event[keyPath: $0.owner]) },
        expiry: link.map { event[keyPath: $0.expiry] })
    }
  }
}
