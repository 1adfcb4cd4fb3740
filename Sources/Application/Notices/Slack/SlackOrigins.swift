/// Whole origins beside Slack's own that the operator trusts as written, such as `https://chat.example.com`: what answers there is his own affair,
/// its network address included.
package struct SlackOrigins: Sendable, Equatable {
  /// Without a slash at their end.
  let all: [String]

  /// Slack's alone.
  package static let none = SlackOrigins(all: [])

  private init(all: [String]) { self.all = all }

  /// From origins separated by commas; nil when one of them is none.
  package init?(_ text: String) {
    let parts = text.split(separator: ",").map { $0.filter { $0 != " " } }
    guard parts.allSatisfy({ $0.wholeMatch(of: /https?:\/\/[a-z0-9.-]+(:[0-9]{1,5})?/) != nil }) else { return nil }
    all = parts
  }

  /// What an error says is allowed.
  package static let allowed =
    "origins such as https://chat.example.com, in lower case, without a path, separated by commas"
}
