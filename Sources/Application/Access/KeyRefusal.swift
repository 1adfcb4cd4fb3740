package import Domain

/// Why a key opens nothing, or not this.
package enum KeyRefusal: Error, Sendable, Equatable {
  case missing
  /// Of a read, which a member's access token opens as well, and nothing in a body.
  case missingReader
  /// No text of a key: mistyped, cut off, or something else.
  case malformed(String)
  /// Nobody's.
  case unknown
  case revoked
  /// By itself, at that time.
  case expired(Instant)
  /// Another took its place, and its grace ended at that time.
  case retired(Instant)
  case withoutScope(KeyScope)
  /// A key of one mode does not read events of the other.
  case otherMode(of: KeyMode, asked: KeyMode)
}

extension KeyRefusal: CustomStringConvertible {
  /// In words, for whoever sent the key.
  package var description: String {
    switch self {
    case .missing: "send the project's key in `Authorization: Bearer sk_…` or as api_key in the body"
    case .missingReader:
      "send a project's key, or the access token of a member, in `Authorization: Bearer …`"
    case .malformed(let flaw): flaw
    case .unknown: "no project has this key: was it copied whole, and from this server's project page?"
    case .revoked: "this key has been revoked: issue a new one for the project and use that"
    case .expired(let time):
      "this key expired at \(time): issue a new one and use that"
    case .retired(let time):
      "this key was rotated, and its grace ended at \(time): use the key that replaced it"
    case .withoutScope(let scope):
      "this key was issued without the scope `\(scope.rawValue)`: use one that has it"
    case .otherMode(let mode, let asked):
      "this is a \(mode.rawValue) key, which reads \(mode.rawValue) events alone: use a \(asked.rawValue) key, or log in"
    }
  }
}
