import HTTPTypes
import Hummingbird

extension Problem.Kind {
  /// The problem's `type`.
  var type: String { Problem.base + rawValue }

  /// Where this installation says more about it: its type stands in no domain, so that nobody could follow it.
  var page: String { "/problems/\(rawValue)" }

  /// What `Link` says of that (RFC 8288).
  var link: String { "<\(page)>; rel=\"help\"" }
}

extension HTTPField.Name {
  /// RFC 8288.
  static var link: HTTPField.Name {
    guard let name = HTTPField.Name("Link") else { preconditionFailure("Link is no field name") }
    return name
  }
}
