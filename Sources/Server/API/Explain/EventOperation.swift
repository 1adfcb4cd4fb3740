import Application
import Domain
import EventLog
import Foundation
import HTTPTypes

extension Operation {
  static let event = Operation(
    .get, "/api/v1/projects/{project_id}/events/{position}", id: "event", .audit,
    "A request by its position, and all there is to check it by",
    note: """
      The request as it was recorded, counted or voided, however long ago; its batch, with its link of the hash chain; and the proof that the \
      batch is part of the log that the latest checkpoint was signed for. `verify` holds the commands that check all of it offline. Where no \
      request of the project stands at the position, or one of the mode that a key may not read, the answer is the same: 404.
      """, right: .memberOrKey(.readNumbers, .read),
    answer: OperationAnswer(EventShapes.event, "The request."), problems: [.notFound, .tooManyAtOnce])
}

/// How a request is shown with what proves it.
enum EventShapes {
  static let event = Shape<CheckableEvent>([
    .id("project_id") { $0.event.project }, .word("mode") { $0.event.mode },
    .integer("shard", "The chain in which its position counts.") { $0.event.shard },
    .integer("position") { $0.event.request.position },
    .one("request", RequestShapes.request) { $0.event.request },
    .boolean("is_counted", "Whether it counts in the numbers: no void took it.") { $0.event.void == nil },
    .nullable("void", void, "What took it out of the numbers; null while it counts.") { $0.event.void },
    .one("batch", batch) { $0.event },
    Field(
      "leaf_hash", base64,
      note: "Of the batch, as a leaf of the Merkle tree (RFC 6962): SHA-256 over a zero byte and the batch's `hash`."
    ) { .string(MerkleHash.leaf($0.event.batch.hash).base64) },
    .nullable(
      "inclusion", CheckpointRoutes.inclusionShape,
      "That the batch is part of the log that the latest checkpoint was signed for; null while none covers it yet, which is ten minutes "
        + "at most."
    ) { $0.event.inclusion },
    Field(
      "verify", .array(of: .string),
      note: """
        Commands for a shell, one after another, in a checkout of Recount, with your key or access token in KEY. The last two are an \
        auditor's, who has the whole log.
        """
    ) { .array($0.commands.map { .string($0) }) },
    .asOf { $0.event.asOf },
  ])

  private static let void = Shape<TakingVoid>([
    .id("void_id") { $0.void.voidID }, .integer("position", "Where it stands in the log.") { $0.position },
    .time("recorded_at") { $0.recordedAt }, .time("from") { $0.void.from }, .time("to") { $0.void.to },
    .text("reason") { $0.void.reason }, .boolean("gives_back_quota") { $0.void.givesBackQuota },
  ])

  private static let batch = Shape<ExplainedEvent>([
    .integer("first_position") { $0.batch.firstPosition }, .integer("last_position") { $0.batch.lastPosition },
    .id("key_id", "The key that sent the request.") { $0.request.keyID },
    .time("recorded_at", "When all of the batch was received and recorded.") { $0.batch.recordedAt },
    .integer("recorded_at_us", "The same in microseconds since 1970, as it enters the hash.") {
      $0.batch.recordedAt.microseconds
    },
    .text("previous_hash", "Of the batch before it, hex.") { Hex.text($0.batch.previousHash) },
    .text(
      "hash",
      """
      Hex: SHA-256 over `previous_hash` (its 32 bytes), a line of shard, first and last position and `recorded_at_us` between spaces, and \
      the batch's events as `recount audit export` writes them.
      """
    ) { Hex.text($0.batch.hash) },
  ])

  private static let base64 = Schema(["type": "string", "contentEncoding": "base64"])
}

extension Field {
  /// An object, or null where there is none.
  static func nullable<Member>(
    _ name: String, _ shape: Shape<Member>, _ note: String? = nil, _ get: @escaping Get<Member?>
  ) -> Field {
    Field(name, shape.schema.orNull, note: note, components: shape.components) { get($0).map(shape.json) ?? .null }
  }
}
