/// What a notice is about, for whoever chooses which they get. What is about somebody's own security has none: nobody can turn it off.
package enum NoticeTopic: String, Codable, Sendable, CaseIterable, Comparable {
  /// A month comes near its quota, or has used it up.
  case quota
  /// What becomes of payments and subscriptions.
  case payments
  /// A key was rotated or revoked.
  case keys
  /// Somebody joined, left, or may do more or less.
  case members
  /// A channel that notices go to does not take them any more.
  case channels

  /// Those that people are told of by mail.
  package static let byMail: [NoticeTopic] = [.quota, .payments, .channels]
  /// Those that a channel can be told of: it can't be told that it is broken.
  package static let bySlack: [NoticeTopic] = [.quota, .payments, .keys, .members]

  package static func < (one: NoticeTopic, other: NoticeTopic) -> Bool { one.rawValue < other.rawValue }
}
