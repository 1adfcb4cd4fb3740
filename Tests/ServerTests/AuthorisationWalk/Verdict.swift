import Application
import Domain
import Server

/// How a route must take somebody.
enum Verdict: Equatable, CustomStringConvertible {
  /// Served, or told what is wrong with the request rather than with who sent it.
  case served
  case refused(Int)

  var description: String {
    switch self {
    case .served: "served"
    case .refused(let status): "refused with \(status)"
    }
  }

  /// What must come of it: 401 for those who prove nothing that counts here, 404 for what is not theirs, so that ids can't be
  /// probed, 403 for what their role or key does not give.
  ///
  /// - Parameter isOfSomeone: whether the path names an account or project.
  init(_ standing: Walker.Standing, at right: Right, isOfSomeone: Bool) {
    self =
      switch (right, standing) {
      case (.nobody, _): .served
      case (.key(let scope), .key(let scopes, let isOurs)), (.memberOrKey(_, let scope), .key(let scopes, let isOurs)):
        !scopes.contains(scope) ? .refused(403) : isOurs || !isOfSomeone ? .served : .refused(404)
      case (.person, .person): .served
      case (.member(let action), .person(let role)), (.memberOrKey(let action, _), .person(let role)):
        role.map { Permissions.allows($0, action) ? .served : .refused(403) } ?? .refused(404)
      default: .refused(401)
      }
  }

  /// What came of it.
  init(_ answer: Answer) {
    let isTheirs = !["account-not-found", "project-not-found"].contains(answer.problem)
    self = [401, 403].contains(answer.status) || answer.status == 404 && !isTheirs ? .refused(answer.status) : .served
  }
}
