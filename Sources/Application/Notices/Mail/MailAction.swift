import Foundation

/// What a mail asks its reader to do, in the three ways that they can: a page, the token alone, a call of the API.
struct MailAction: Sendable {
  let link: String
  let token: String
  let command: String

  /// `base` has no slash at its end.
  init(_ place: NoticeLink, token: String, base: String) {
    self.token = token
    link = "\(base)\(place.page)?token=\(token)"
    let (header, member) = Self.more(place.takes)
    command = """
      curl \(base)\(place.call) -H 'Content-Type: application/json'\(header) \\
        -d '{"token": "\(token)"\(member)}'
      """
  }

  /// What the call takes beside the token.
  private static func more(_ input: NoticeLink.Input) -> (header: String, member: String) {
    switch input {
    case .nothing: ("", "")
    case .newPassword: ("", #", "password": "NEW PASSWORD""#)
    case .logIn: (" -H 'Authorization: Bearer ACCESS TOKEN'", "")
    }
  }
}
