import Domain
import EventLog
import HTTPTypes

/// What everyone may ask of the log itself.
extension Operation {
  static let verifierKey = Operation(
    .get, "/.well-known/recount/key", id: "verifierKey", .audit,
    "The public key that checkpoints and statements are verified with",
    note: """
      In the form of c2sp.org/signed-note: NAME+ID+BASE64. Save it beside the checkpoints: it is what they are trusted by.
      """, right: .nobody,
    answer: OperationAnswer(.ok, "The key.", content: ["text/plain": .string], headers: ["ETag": "ETag"]))

  static let checkpoints = Operation(
    .get, "/.well-known/recount/checkpoints", id: "checkpoints", .audit, "What the log is, signed",
    note: """
      The latest checkpoint of each shard: save it, and anything done later to what it covers can be proven (`recount audit verify \
      --checkpoint`, tools/verify_log.py). As JSON also a shard's history, the latest first.
      """, right: .nobody,
    query: QueryParameters(
      CheckpointRoutes.format, CheckpointRoutes.shard, CheckpointRoutes.limit, CheckpointRoutes.place),
    answer: OperationAnswer(
      .ok, "The checkpoints.",
      content: ["text/plain": .string, "application/json": CheckpointRoutes.pageShape.schema],
      components: CheckpointRoutes.pageShape.components, headers: ["ETag": "ETag"]), problems: [.notFound])

  static let inclusionProof = Operation(
    .get, "/.well-known/recount/checkpoints/{shard}/inclusion", id: "inclusionProof", .audit,
    "That a batch is part of the log that a checkpoint was signed for",
    note: "RFC 6962, 2.1.1, in some log₂(batches) hashes.", right: .nobody,
    query: QueryParameters(CheckpointRoutes.position, CheckpointRoutes.batch, CheckpointRoutes.size),
    answer: OperationAnswer(CheckpointRoutes.inclusionShape, "The proof.", headers: ["ETag": "ETag"]),
    problems: [.notFound])

  static let consistencyProof = Operation(
    .get, "/.well-known/recount/checkpoints/{shard}/consistency", id: "consistencyProof", .audit,
    "That one state of the log is a beginning of another",
    note: """
      RFC 6962, 2.1.2, in some log₂(batches) hashes: whoever holds an old checkpoint need not read the log to know that a new one goes \
      on from it.
      """, right: .nobody, query: QueryParameters(CheckpointRoutes.from, CheckpointRoutes.to),
    answer: OperationAnswer(CheckpointRoutes.consistencyShape, "The proof.", headers: ["ETag": "ETag"]),
    problems: [.notFound])
}

extension CheckpointRoutes {
  static let format = Parameter<Format?>.word(
    "format", "`text` by default: the notes one after another, an empty line between them.")
  static let shard = whole("shard", "With `format=json`: this shard's history; without it, the latest of each shard.")
  static let limit = Parameter<Int>.limit(upTo: 500)
  static let place = Parameter<Int64?>.cursor {
    try $0.cursor(Int64.self)
  }
  static let position = whole("position", "The batch that holds this position. Either this or `batch`.")
  static let batch = whole("batch", "The batch of this index in the shard, from 0.")
  static let size = whole(
    "size", "Lead to the first checkpoint that covers this many batches; to the latest by default.")
  static let from = Parameter<Int64>(
    "from", .count, note: "The tree size of the earlier checkpoint, 1 or more.", isRequired: true
  ) { parameters in
    guard let size = try parameters.whole("from") else {
      throw parameters.invalid("from", "nothing", allowed: "the tree size of an earlier checkpoint")
    }
    return size
  }
  static let to = whole("to", "The tree size of the later one; that of the latest checkpoint by default.")

  private static func whole(_ name: String, _ note: String) -> Parameter<Int64?> {
    Parameter(name, .count, note: note) { try $0.whole(name) }
  }

  static let pageShape = Shape<CheckpointPage>([
    .list("checkpoints", of: checkpoint) { $0.entries }, .nextCursor { $0.next.map { Cursor($0) } },
  ])

  private static let rootNote = "Of the Merkle tree (RFC 6962) over the batches' chain hashes."
  private static let base64 = Schema(["type": "string", "contentEncoding": "base64"])

  private static let checkpoint = Shape<PublishedCheckpoint>(
    "Checkpoint",
    [
      .text("origin", "The signing key's name and the shard.") { $0.checkpoint.origin },
      .integer("shard") { $0.checkpoint.shard }, .integer("tree_size", "Batches it covers.") { $0.checkpoint.treeSize },
      Field("root_hash", base64, note: rootNote) { .string($0.checkpoint.root.base64) },
      .integer("position", "Where the last batch covered ends.") { $0.checkpoint.position },
      .text("chain_hash", "Of that batch, hex.") { Hex.text($0.checkpoint.chain.bytes) },
      Field("time", .time) { .string($0.checkpoint.timeText) },
      .text("note", "The checkpoint as it was signed: c2sp.org/tlog-checkpoint in c2sp.org/signed-note.") {
        "\($0.note)"
      },
    ])

  static let inclusionShape = Shape<InclusionProof>(
    "InclusionProof",
    [
      .integer("shard") { $0.shard }, .integer("batch", "The leaf's index.") { $0.batch },
      .integer("first_position") { $0.firstPosition }, .integer("last_position") { $0.lastPosition },
      .text("chain_hash", "Of the batch, hex: the leaf's data.") { $0.chainHash },
      .integer("tree_size") { $0.treeSize }, Field("root_hash", base64, note: rootNote) { .string($0.rootHash) },
      hashes("From the leaf up.") { $0.hashes }, .text("checkpoint", "The signed note.") { $0.checkpoint },
    ])

  static let consistencyShape = Shape<ConsistencyProof>([
    .integer("shard") { $0.shard }, .one("from", tree) { $0.from }, .one("to", tree) { $0.to },
    hashes("In the RFC's order.") { $0.hashes },
  ])

  private static let tree = Shape<ConsistencyProof.Tree>([
    .integer("tree_size") { $0.treeSize }, Field("root_hash", base64, note: rootNote) { .string($0.rootHash) },
  ])

  private static func hashes<Proof>(
    _ note: String, _ get: @escaping @Sendable (Proof) -> [String]
  ) -> Field<Proof> {
    Field("hashes", .array(of: base64), note: note) { .array(get($0).map { .string($0) }) }
  }

  /// As what checkpoints are answered.
  enum Format: String, CaseIterable, Sendable {
    case text, json
  }
}

/// A checkpoint as it was signed, and what it says.
struct PublishedCheckpoint: Sendable {
  let note: SignedNote
  let checkpoint: Checkpoint

  init(_ note: SignedNote) throws {
    self.note = note
    checkpoint = try Checkpoint(parsing: note.text)
  }
}

/// Some of a shard's checkpoints, or the latest of each shard; the next page begins before the tree size of the last of them.
struct CheckpointPage: Sendable {
  let entries: [PublishedCheckpoint]
  let next: Int64?
}
