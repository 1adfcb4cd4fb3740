import Application
import Domain
import Foundation
import HTTPTypes

/// What can be asked about a project's keys, and of them.
extension Operation {
  static let keys = Operation(
    .get, "/api/v1/projects/{project_id}/keys", id: "keys", .keys, "The keys of a project",
    note:
      "The newest first, those that work no more included. A key's secret is shown nowhere but where it was issued.",
    right: .member(.readAccount), query: QueryParameters(KeyRoutes.limit, .place),
    answer: OperationAnswer(KeyRoutes.page, "A page of keys."))

  static let key = Operation(
    .get, "/api/v1/projects/{project_id}/keys/{key_id}", id: "key", .keys, "A key",
    note: "All that is known of it but its secret.", right: .member(.readAccount),
    answer: OperationAnswer(KeyRoutes.one, "The key."), problems: [.keyNotFound])

  static let issueKey = Operation(
    .post, "/api/v1/projects/{project_id}/keys", id: "issueKey", .keys, "Issue a key",
    note: "A project has as many keys as it likes, up to a hundred that work.", right: .member(.manageKeys),
    isIdempotent: true,
    body: .object(Body(KeyRoutes.name, KeyRoutes.mode, KeyRoutes.scopes, KeyRoutes.expiry)),
    answer: OperationAnswer(.created, KeyRoutes.issued, "The key. This answer alone holds it."),
    problems: [.projectArchived, .keyAlreadyIssued, .limitReached, .tooManyAttempts])

  static let rotateKey = Operation(
    .post, "/api/v1/projects/{project_id}/keys/{key_id}/rotate", id: "rotateKey", .keys, "Replace a key",
    note: "Until `retires_at` both work: exchange it where it is used, in peace.", right: .member(.manageKeys),
    isIdempotent: true, body: .object(Body(KeyRoutes.grace, KeyRoutes.newExpiry)),
    answer: OperationAnswer(
      .created, KeyRoutes.rotated, "The new key, with the old one's name, mode and scopes. This answer alone holds it."),
    problems: [.projectArchived, .keyNotFound, .keyEnded, .keyAlreadyIssued, .limitReached, .tooManyAttempts])

  static let revokeKey = Operation(
    .delete, "/api/v1/projects/{project_id}/keys/{key_id}", id: "revokeKey", .keys, "Revoke a key",
    note: "From now on it opens nothing. Revoking it again changes nothing.", right: .member(.manageKeys),
    answer: OperationAnswer(KeyRoutes.revoked, "It is revoked."), problems: [.keyNotFound])
}

extension KeyRoutes {
  static let limit = Parameter<Int>.limit(upTo: 500)

  static let name = Member<String>.text("name", "What you call it.")
  static let mode = Member<KeyMode?>.optionalWord("mode", "Live by default. What a test key tracks is counted apart.")
  static let scopes = Member<[KeyScope]?>.optionalWords("scopes", "What it opens; all by default.")
  static let expiry = Member.optionalTime("expires_at", "When it stops working by itself; never by default.")
  static let grace = Member.optionalInteger(
    "grace_seconds", 0...Int(Project.maximumGrace.wholeSeconds),
    "How long the old key works on: \(Project.defaultGrace.wholeSeconds) seconds by default.")
  static let newExpiry = Member.optionalTime(
    "expires_at", "When the new key expires; null: never. When left out: when the old one would have.")

  static let shown = Shape<KeyAtTime>(
    "Key",
    [
      .id("key_id") { $0.key.id }, .id("project_id") { $0.key.projectID }, .text("name") { $0.key.name },
      .word("mode") { $0.key.mode }, .words("scopes") { $0.key.scopes },
      .text("hint", "The key's first and last characters.") { $0.key.hint },
      .word("status", "active and rotated keys work; a rotated one until `retires_at`.") {
        $0.key.status(at: $0.now).word
      },
      .time("issued_at") { $0.key.issuedAt }, .optionalTime("expires_at") { $0.key.expiresAt },
      .optionalTime("revoked_at") { $0.key.revokedAt }, .optionalTime("rotated_at") { $0.key.rotatedAt },
      .optionalTime("retires_at", "When it stops working because another took its place.") { $0.key.retiresAt },
      .optionalID("successor_id", "The key that took its place.") { $0.key.successorID },
      .optionalTime("last_used_at", KeyWords.lastUsed) { $0.key.lastUsedAt },
    ])

  static let page = Shape<Answered<Page<KeyAtTime, TimePlace>>>.page("keys", of: shown)
  static let one = shown.extended(from: { (answer: Answered<KeyAtTime>) in answer.value }, [.asOf { $0.asOf }])

  private static let issuedFields: [Field<ProjectKeys.Issued>] = [
    .id("key_id") { $0.id }, .id("project_id") { $0.projectID }, .text("name") { $0.name },
    .word("mode") { $0.key.mode }, .words("scopes") { $0.scopes },
    .text("hint", "The key's first and last characters.") { $0.key.hint },
    .optionalTime("expires_at") { $0.expiresAt },
    .text("api_key", "The key itself. Shown here and never again: only its hash is stored.") { $0.key.secret },
  ]

  static let issued = Shape(issuedFields).changed("IssuedKey")
  static let rotated = Shape(issuedFields).changed().extended(
    "RotatedKey", from: { (rotation: Rotation) in rotation.issued }, [.one("replaces", replaced) { $0 }])

  private static let replaced = Shape<Rotation>([
    .id("key_id") { $0.old },
    .optionalTime("retires_at") { $0.issued.value.predecessorRetiresAt },
  ])

  static let revoked = Shape<Revoked>([
    .id("project_id") { $0.project }, .id("key_id") { $0.key },
    Field("revoked", .constant(true)) { _ in true },
  ]).changed()
}

/// A key, as it is at a time.
struct KeyAtTime: Sendable {
  let key: ListedKey
  let now: Instant
}

/// A key that another takes the place of.
struct Rotation: Sendable {
  let old: UUID
  let issued: Changed<ProjectKeys.Issued>
}

/// A key that opens nothing any more.
struct Revoked: Sendable {
  let project, key: UUID
}

/// What more than one answer says of a key.
enum KeyWords {
  static let lastUsed =
    "The last minute in which it sent events, accepted or not, or was seen to read: of a key that reads, that is noted once an hour."
}
