import Domain
import Foundation

/// What the domain turns down about accounts, projects and keys, as HTTP shows it.
extension Problem {
  init(_ failure: Account.Failure) {
    switch failure {
    case .notOpen: self.init(.accountNotFound, failure.description)
    case .closed: self.init(.accountClosed, failure.description)
    case .projectLimitReached(let tier):
      self.init(
        .projectLimitReached, failure.description,
        members: ["tier": .string(tier.rawValue), "limit": .integer(tier.projectLimit)])
    case .tooManyInvitations(let maximum):
      self.init(.limitReached, failure.description, members: ["limit": .integer(maximum)])
    case .badName: self.init(.invalidParameter, failure.description, members: ["field": "name"])
    case .noSuchMember: self.init(.memberNotFound, failure.description)
    case .lastOwner: self.init(.lastOwner, failure.description)
    case .noSuchInvitation: self.init(.invitationNotFound, failure.description)
    case .invitationUsed, .invitationRevoked, .invitationExpired: self.init(.invitationEnded, failure.description)
    case .alreadyMember: self.init(.alreadyMember, failure.description)
    case .invitationDiffers: self.init(.idempotencyConflict, failure.description)
    case .alreadyOpen: self.init(.idempotencyConflict, failure.description)
    case .badReason, .badGrantedRate, .badGrantedQuota, .badGrantEnd: self.init(.invalidParameter, failure.description)
    }
  }

  init(_ failure: Project.Failure) {
    switch failure {
    case .notCreated: self.init(.projectNotFound, failure.description)
    case .archived: self.init(.projectArchived, failure.description)
    case .noSuchKey(let key): self = .noKey(key.text)
    case .tooManyKeys(let maximum):
      self.init(.limitReached, failure.description, members: ["limit": .integer(maximum)])
    case .keyDoesNotWork, .keyAlreadyRotated: self.init(.keyEnded, failure.description)
    case .alreadyCreated: self.init(.idempotencyConflict, failure.description)
    case .keyAlreadyIssued(let key):
      self.init(
        .keyAlreadyIssued,
        "this Idempotency-Key issued key \(key.text) before. Its secret was in that answer and is stored "
          + "nowhere: if that answer was lost, revoke the key and issue another",
        members: ["key_id": .string(key.text)])
    case .noSuchLink: self.init(.linkNotFound, failure.description)
    case .tooManyLinks(let maximum):
      self.init(.limitReached, failure.description, members: ["limit": .integer(maximum)])
    case .linkAlreadyShared(let link):
      self.init(
        .linkAlreadyShared,
        "this Idempotency-Key shared link \(link.text) before. Its address was in that answer and is stored "
          + "nowhere: if that answer was lost, revoke the link and share another",
        members: ["link_id": .string(link.text)])
    case .linkFilterTooLong: self.init(.invalidParameter, failure.description)
    case .badName: self.init(.invalidParameter, failure.description, members: ["field": "name"])
    case .noScope: self.init(.invalidParameter, failure.description, members: ["field": "scopes"])
    case .badExpiry: self.init(.invalidParameter, failure.description, members: ["field": "expires_at"])
    case .emptySpan, .nothingToVoid: self.init(.invalidParameter, failure.description, members: ["field": "from"])
    case .badReason: self.init(.invalidParameter, failure.description, members: ["field": "reason"])
    case .voidIDTaken: self.init(.idempotencyConflict, failure.description)
    case .badGrace: self.init(.invalidParameter, failure.description, members: ["field": "grace_seconds"])
    case .noSuchView: self.init(.viewNotFound, failure.description)
    case .noSuchAnnotation: self.init(.annotationNotFound, failure.description)
    case .tooManyViews(let maximum), .tooManyAnnotations(let maximum):
      self.init(.limitReached, failure.description, members: ["limit": .integer(maximum)])
    case .badViewQuery: self.init(.invalidParameter, failure.description, members: ["field": "query"])
    case .badAnnotation: self.init(.invalidParameter, failure.description, members: ["field": "text"])
    case .badAnnotationSpan: self.init(.invalidParameter, failure.description, members: ["field": "until"])
    case .noteIDTaken: self.init(.idempotencyConflict, failure.description)
    }
  }

  /// The same for a key that isn't there and one of another project.
  static func noKey(_ text: String) -> Problem {
    Problem(.keyNotFound, "the project has no key \(text.prefix(64))")
  }
}
