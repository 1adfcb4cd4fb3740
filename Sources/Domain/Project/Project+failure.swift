package import struct Foundation.UUID

extension Project {
  /// Why a project turns a command down.
  package enum Failure: Error, Equatable, CustomStringConvertible {
    case alreadyCreated
    case notCreated
    case archived
    case badName(maximumCharacters: Int)
    case noSuchKey(UUID)
    case noScope
    case keyAlreadyIssued(UUID)
    case tooManyKeys(maximum: Int)
    case badExpiry(maximumDays: Int64)
    case badGrace(found: Duration, maximum: Duration)
    case keyDoesNotWork(UUID)
    case keyAlreadyRotated(UUID, successor: UUID)
    case noSuchLink(UUID)
    case linkAlreadyShared(UUID)
    case tooManyLinks(maximum: Int)
    case linkFilterTooLong(maximumBytes: Int)
    case emptySpan
    case badReason(maximumCharacters: Int)
    case voidIDTaken(UUID)
    case nothingToVoid
    case noSuchView(UUID)
    case tooManyViews(maximum: Int)
    case badViewQuery(maximumLength: Int)
    case noSuchAnnotation(UUID)
    case tooManyAnnotations(maximum: Int)
    case badAnnotation(maximumCharacters: Int)
    case badAnnotationSpan
    case noteIDTaken(UUID)

    /// What was wrong, and what is allowed.
    package var description: String {
      switch self {
      case .alreadyCreated: "the project exists already"
      case .notCreated: "there is no such project"
      case .archived:
        "the project is archived: it tracks nothing, and nothing about it can be changed, until it is taken out of the archive"
      case .badName(let maximum): "a name must have \(NameRule.allowed(maximumCharacters: maximum))"
      case .noSuchKey(let id):
        "the project has no key \(id.uuidString.lowercased()): `recount key list` shows those it has"
      case .noScope: "a key must open something: give it the scope track, read or both"
      case .keyAlreadyIssued(let id):
        "key \(id.uuidString.lowercased()) was issued before: give each key an id of its own"
      case .tooManyKeys(let maximum):
        "the project has \(maximum) keys that work, which is the most: revoke those that nobody uses"
      case .badExpiry(let days): "a key or a shared link must expire after now and within \(days) days, or never"
      case .badGrace(let found, let maximum):
        "a rotated key can go on working for 0 to \(maximum.wholeSeconds) seconds, not for \(found.wholeSeconds)"
      case .keyDoesNotWork(let id):
        "key \(id.uuidString.lowercased()) works no more and can't be rotated: issue a new one"
      case .keyAlreadyRotated(let id, let successor):
        "key \(id.uuidString.lowercased()) was rotated before: rotate its successor, \(successor.uuidString.lowercased())"
      case .noSuchLink(let id): "the project has no shared link \(id.uuidString.lowercased())"
      case .linkAlreadyShared(let id):
        "link \(id.uuidString.lowercased()) was shared before: give each link an id of its own"
      case .tooManyLinks(let maximum):
        "the project has \(maximum) shared links that work, which is the most: revoke those that nobody uses"
      case .linkFilterTooLong(let maximum):
        "a shared link's filter has more than \(maximum) bytes: share another view of the project"
      case .emptySpan: "a span to be voided must end after it begins, and not begin before 1970"
      case .badReason(let maximum):
        "a void's reason must have \(NameRule.allowed(maximumCharacters: maximum))"
      case .voidIDTaken(let id):
        "the id \(id.uuidString.lowercased()) belongs to another void of this project: draw a new one"
      case .nothingToVoid:
        "no request of the span counts at the moment: none was recorded, or all are voided already"
      case .noSuchView(let id): "the project has no saved view \(id.uuidString.lowercased()): list those it has"
      case .tooManyViews(let maximum):
        "the project has \(maximum) saved views, which is the most: remove those that nobody opens"
      case .badViewQuery(let maximum):
        "a view is the query of a page's address, of \(maximum) characters at most: leave out filters, or shorten them"
      case .noSuchAnnotation(let id): "the project has no annotation \(id.uuidString.lowercased()): list those it has"
      case .tooManyAnnotations(let maximum):
        "the project has \(maximum) annotations, which is the most: remove those that tell nobody anything any more"
      case .badAnnotation(let maximum):
        "an annotation's text must have \(NameRule.allowed(maximumCharacters: maximum))"
      case .badAnnotationSpan: "an annotation must lie between 1970 and 9999, and end after it begins, if it ends"
      case .noteIDTaken(let id):
        "the id \(id.uuidString.lowercased()) was given to something else, or to what was removed since: draw a new one"
      }
    }
  }
}
