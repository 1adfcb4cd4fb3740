import Application
import Domain
import EventLog

/// An explanation, and the latest checkpoint of the chain that its positions are of.
struct Explained<Content: Sendable>: Sendable {
  let content: Content
  let asOf: AsOf
  let checkpoint: Checkpoint?
}

extension Field {
  /// The latest checkpoint, and whether it covers what the answer is as of.
  static func checkpoint<Content>() -> Field where Value == Explained<Content> {
    .nullable(
      "checkpoint", .coveringCheckpoint,
      "The shard's latest: what stands at or below its position is proven to be as it was. null before the first."
    ) { answer in answer.checkpoint.map { CoveringCheckpoint(checkpoint: $0, asOf: answer.asOf) } }
  }

  /// Whether an explanation is whole, and if not, why.
  static func whole(_ get: @escaping Get<RequestPage.Stop?>, _ note: String) -> [Field] {
    [
      .boolean("is_complete", "False where it ended early: `stopped_by` says why.") { get($0) == nil },
      Field("stopped_by", .words(of: RequestPage.Stop.self).orNull, note: note) {
        get($0).map { .string($0.rawValue) } ?? .null
      },
    ]
  }
}

/// A checkpoint beside an answer.
struct CoveringCheckpoint: Sendable {
  let checkpoint: Checkpoint
  let asOf: AsOf
}

extension Shape where Value == CoveringCheckpoint {
  static var coveringCheckpoint: Shape {
    Shape(
      "CoveringCheckpoint",
      [
        .integer("position", "Where the last batch covered ends.") { $0.checkpoint.position },
        .integer("tree_size", "Batches it covers.") { $0.checkpoint.treeSize },
        Field("time", .time, note: "When it was signed.") { .string($0.checkpoint.timeText) },
        .boolean("covers_as_of", "Whether it covers all up to what the answer is as of.") {
          $0.checkpoint.position >= $0.asOf.position
        },
      ])
  }
}
