/// An event type, declared once.
package struct EventKind: Sendable, Hashable {
  /// Such as `project_created`. Never changes: the log has it.
  package let type: String
  /// The current schema version, of those from 1 on: one more whenever the data's shape, or its meaning, changes.
  package let version: Int
  /// Whether the security audit log shows it.
  package let isSecurityRelevant: Bool

  /// A kind of event.
  package init(_ type: String, version: Int = 1, isSecurityRelevant: Bool = false) {
    self.type = type
    self.version = version
    self.isSecurityRelevant = isSecurityRelevant
  }
}

extension EventKind {
  /// Every kind that a log can hold.
  package static let all = ofDomain + ofAppend

  /// Those of which a domain stream has its events.
  package static let ofDomain = aggregates.flatMap { $0.kinds }

  /// What the streams of each aggregate hold.
  package static let aggregates: [any RecordedEvent.Type] = [
    Account.Event.self, Billing.Event.self, BillingCatalogue.Event.self, Demo.Event.self, EmailClaim.Event.self,
    Exports.Event.self, Project.Event.self, StripeCustomer.Event.self,
    Retention.Event.self,
    Session.Event.self, LogIns.Event.self, SlackChannel.Event.self, User.Event.self,
  ]

  /// Those that have no stream: what is tracked, what a server keeps count of, and what the append itself decides
  /// (`log.consequences()`).
  package static let ofAppend = [
    requestTracked, intakeTallied, keyUsed, senderHeard, EventKind("quota_threshold_reached"),
    EventKind("quota_exceeded"),
  ]

  /// Requests that a customer's API served.
  package static let requestTracked = EventKind("request_tracked", version: 2)
  /// What was not accepted of a key's.
  package static let intakeTallied = EventKind("intake_tallied", version: 3)
  /// A key read.
  package static let keyUsed = EventKind("key_used")
  /// A call of a sender came in, whatever became of its events.
  package static let senderHeard = EventKind("sender_heard")
}

extension RecordedEvent {
  /// The kinds of an aggregate's events.
  package static var kinds: [EventKind] { cases.map(\.kind) }
}
