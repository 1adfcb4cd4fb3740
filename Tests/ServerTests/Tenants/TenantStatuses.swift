import HTTPTypes
import Server

/// What the routes of accounts, projects and keys can answer with.
enum TenantStatuses {
  /// Nil for a route that is none of them.
  static func of(_ method: String, _ path: String) -> Set<Int>? {
    guard let (success, kinds) = answers["\(method) \(path)"] else { return nil }
    return Set((kinds + any).map(\.status.code) + [success])
  }

  private static let any: [Problem.Kind] = [.missingToken, .databaseUnavailable, .internalError]
  private static let body: [Problem.Kind] = [.malformedBody, .bodyTooLarge]

  private static let answers: [String: (Int, [Problem.Kind])] = [
    "get /api/v1/accounts": (200, [.invalidParameter]),
    "get /api/v1/accounts/{account_id}": (200, [.accountNotFound]),
    "get /api/v1/accounts/{account_id}/members": (200, [.invalidParameter, .accountNotFound]),
    "patch /api/v1/accounts/{account_id}/members/{user_id}": (
      200, body + [.accountNotFound, .memberNotFound, .forbidden, .lastOwner, .tooManyAttempts]
    ),
    "delete /api/v1/accounts/{account_id}/members/{user_id}": (
      200, [.accountNotFound, .memberNotFound, .forbidden, .lastOwner, .tooManyAttempts]
    ),
    "get /api/v1/accounts/{account_id}/invitations": (200, [.invalidParameter, .accountNotFound, .forbidden]),
    "post /api/v1/accounts/{account_id}/invitations": (
      201, body + [.accountNotFound, .forbidden, .limitReached, .alreadyMember, .idempotencyConflict, .tooManyAttempts]
    ),
    "delete /api/v1/accounts/{account_id}/invitations/{invitation_id}": (
      200, [.accountNotFound, .invitationNotFound, .forbidden, .invitationEnded, .tooManyAttempts]
    ),
    "post /api/v1/invitations/accept": (
      200, body + [.invitationForAnother, .invitationNotFound, .invitationEnded, .alreadyMember, .tooManyAttempts]
    ),
    "get /api/v1/accounts/{account_id}/projects": (200, [.invalidParameter, .accountNotFound]),
    "post /api/v1/accounts/{account_id}/projects": (
      201, body + [.accountNotFound, .forbidden, .projectLimitReached, .idempotencyConflict, .tooManyAttempts]
    ),
    "get /api/v1/projects/{project_id}": (200, [.projectNotFound]),
    "patch /api/v1/projects/{project_id}": (
      200, body + [.projectNotFound, .forbidden, .projectArchived, .tooManyAttempts]
    ),
    "post /api/v1/projects/{project_id}/archive": (200, [.projectNotFound, .forbidden, .tooManyAttempts]),
    "get /api/v1/projects/{project_id}/keys": (200, [.invalidParameter, .projectNotFound]),
    "post /api/v1/projects/{project_id}/keys": (
      201, body + [.projectNotFound, .forbidden, .projectArchived, .limitReached, .keyAlreadyIssued, .tooManyAttempts]
    ),
    "get /api/v1/projects/{project_id}/keys/{key_id}": (200, [.keyNotFound]),
    "delete /api/v1/projects/{project_id}/keys/{key_id}": (200, [.keyNotFound, .forbidden, .tooManyAttempts]),
    "post /api/v1/projects/{project_id}/keys/{key_id}/rotate": (
      201, body + [.keyNotFound, .forbidden, .keyEnded, .keyAlreadyIssued, .tooManyAttempts]
    ),
    "get /api/v1/projects/{project_id}/voids": (200, [.invalidParameter, .projectNotFound]),
    "post /api/v1/projects/{project_id}/voids": (
      201, body + [.invalidParameter, .projectNotFound, .forbidden, .idempotencyConflict, .tooManyAtOnce]
    ),
    "get /api/v1/projects/{project_id}/voids/preview": (
      200, [.invalidParameter, .projectNotFound, .forbidden, .tooManyAtOnce]
    ),
    "get /api/v1/projects/{project_id}/usage": (200, [.invalidParameter, .projectNotFound, .missingScope]),
    "get /api/v1/projects/{project_id}/keys/{key_id}/usage": (
      200, [.invalidParameter, .keyNotFound, .missingScope]
    ),
  ]
}
