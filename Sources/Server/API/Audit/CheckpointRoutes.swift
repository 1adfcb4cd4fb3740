import Domain
import EventLog
import Hummingbird
import NIOCore

/// What everyone may have, so that they need not trust: signed checkpoints, the key that they are verified with, and proofs. Nothing in
/// them tells what was tracked, or by whom.
struct CheckpointRoutes: Sendable {
  let log: Log
  let key: VerifierKey

  /// How long a key may be kept, in seconds: it changes by the operator's hand, if ever.
  private static let keySeconds = 3_600
  /// How long the rest may be kept: the next checkpoint is made within ten minutes.
  private static let seconds = 60

  func add(to operations: inout Operations) {
    let key = PublicAnswer(ByteBuffer(string: "\(key)\n"), contentType: Self.text, seconds: Self.keySeconds)
    operations.add(.verifierKey) { key.response(to: $0.request) }
    operations.add(.checkpoints, checkpoints)
    operations.add(.inclusionProof, inclusion)
    operations.add(.consistencyProof, consistency)
  }

  /// The latest of each shard, or in JSON a shard's history.
  private func checkpoints(_ call: Call) async throws -> Response {
    // Asked for in either format: a mistake in what only one of them takes must not pass unnoticed.
    let limit = try call(Self.limit)
    let shard = try call(Self.shard).map(Int.init).map(known)
    let before = try call(Self.place)
    switch try call(Self.format) ?? .text {
    case .text: return try await latest(to: call)
    case .json: return shown(try await page(of: shard, before: before, limit: limit), in: Self.pageShape, to: call)
    }
  }

  private func latest(to call: Call) async throws -> Response {
    let latest = try await log.publishedCheckpoints.latest()
    guard !latest.notes.isEmpty else {
      throw Problem(.notFound, "no checkpoint has been made yet: the schedule makes the first within minutes")
    }
    return PublicAnswer(ByteBuffer(string: "\(latest)"), contentType: Self.text, seconds: Self.seconds)
      .response(to: call.request)
  }

  private func page(of shard: Int?, before size: Int64?, limit: Int) async throws -> CheckpointPage {
    guard let shard else {
      let latest = try await log.publishedCheckpoints.latest().notes
      return CheckpointPage(entries: try latest.map(PublishedCheckpoint.init), next: nil)
    }
    let notes = try await log.publishedCheckpoints.page(of: shard, before: size, limit: limit + 1)
    let entries = try notes.prefix(limit).map(PublishedCheckpoint.init)
    return CheckpointPage(entries: entries, next: notes.count > limit ? entries.last?.checkpoint.treeSize : nil)
  }

  private func inclusion(_ call: Call) async throws -> Response {
    let shard = try shard(call)
    let parameters = ReadParameters(call.request)
    let batch: Proofs.Batch
    switch (try call(Self.position), try call(Self.batch)) {
    case (let position?, nil): batch = .holding(position)
    case (nil, let index?): batch = .at(index)
    case (nil, nil): throw parameters.invalid("position", "nothing", allowed: "`position`, or `batch` counted from 0")
    case (_, let index?): throw parameters.invalid("batch", "\(index)", allowed: "nothing beside `position`")
    }
    let proof = try await log.proofs(of: shard).inclusion(of: batch, size: call(Self.size))
    return shown(proof, in: Self.inclusionShape, to: call)
  }

  private func consistency(_ call: Call) async throws -> Response {
    let proofs = log.proofs(of: try shard(call))
    return shown(
      try await proofs.consistency(from: call(Self.from), to: call(Self.to)), in: Self.consistencyShape, to: call)
  }

  private static let text = "text/plain; charset=utf-8"

  private func shown<Value>(_ value: Value, in shape: Shape<Value>, to call: Call) -> Response {
    PublicAnswer(shape.json(value), seconds: Self.seconds).response(to: call.request)
  }

  private func shard(_ call: Call) throws -> Int {
    let text = call.context.parameters.get("shard") ?? ""
    guard let shard = Int(text) else { throw Problem(.notFound, "shards are numbers from 0, not \(text.prefix(20))") }
    return try known(shard)
  }

  private func known(_ shard: Int) throws -> Int {
    guard log.shards.all.contains(shard) else {
      throw Problem(.notFound, "this log has the shards 0 to \(log.shards.count - 1), not \(shard)")
    }
    return shard
  }
}

extension ReadParameters {
  /// A whole number from 0 on; nil when it is missing or empty.
  func whole(_ name: String) throws -> Int64? {
    guard let given = try text(name) else { return nil }
    guard let number = Int64(given), number >= 0 else {
      throw invalid(name, given, allowed: "a whole number from 0 on")
    }
    return number
  }
}
