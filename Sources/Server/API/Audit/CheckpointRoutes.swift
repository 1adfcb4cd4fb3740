import EventLog
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// What everyone may have, so that they need not trust: signed checkpoints, the key that they are verified with, and proofs. Nothing in
/// them tells what was tracked, or by whom.
struct CheckpointRoutes: Sendable {
  private let log: Log
  private let key: VerifierKey

  init(log: Log, key: VerifierKey) {
    self.log = log
    self.key = key
  }

  func add(to router: Router<RecountContext>) {
    let everyone = router.group("/.well-known/recount")
    everyone.get("key") { _, _ in Response.text("\(key)\n") }
    everyone.get("checkpoints", use: checkpoints)
    everyone.get("checkpoints/:shard/inclusion", use: inclusion)
    everyone.get("checkpoints/:shard/consistency", use: consistency)
  }

  private var published: PublishedCheckpoints { PublishedCheckpoints(pool: log.pool) }

  /// The latest of each shard, or in JSON a shard's history.
  private func checkpoints(_ request: Request, _ context: RecountContext) async throws -> Response {
    let parameters = ReadParameters(request)
    // Asked for in either format: a mistake in what only one of them takes must not pass unnoticed.
    let limit = try parameters.limit(default: 50, maximum: 500)
    let shard = try parameters.whole("shard").map(Int.init).map(known)
    let before = try parameters.cursor(Int64.self)
    guard try parameters.choice("format", of: ["text", "json"]) == "json" else {
      let latest = try await published.latest()
      guard !latest.notes.isEmpty else {
        throw Problem(.notFound, "no checkpoint has been made yet: the schedule makes the first within minutes")
      }
      return .text("\(latest)")
    }
    guard let shard else {
      return .json(["checkpoints": .array(try await published.latest().notes.map(Self.json)), "next_cursor": .null])
    }
    let notes = try await published.page(of: shard, before: before, limit: limit + 1)
    let last = notes.count > limit ? try Checkpoint(parsing: notes[limit - 1].text).treeSize : nil
    return .json([
      "checkpoints": .array(try notes.prefix(limit).map(Self.json)),
      "next_cursor": last.map { .string(Cursor($0).text) } ?? .null,
    ])
  }

  private func inclusion(_ request: Request, _ context: RecountContext) async throws -> Response {
    let parameters = ReadParameters(request)
    let proofs = Proofs(pool: log.pool, shard: try shard(context))
    let batch: Proofs.Batch
    switch (try parameters.whole("position"), try parameters.whole("batch")) {
    case (let position?, nil): batch = .holding(position)
    case (nil, let index?): batch = .at(index)
    case (nil, nil): throw parameters.invalid("position", "nothing", allowed: "`position`, or `batch` counted from 0")
    case (_, let index?): throw parameters.invalid("batch", "\(index)", allowed: "nothing beside `position`")
    }
    return try .encoded(try await proofs.inclusion(of: batch, size: parameters.whole("size")))
  }

  private func consistency(_ request: Request, _ context: RecountContext) async throws -> Response {
    let parameters = ReadParameters(request)
    let proofs = Proofs(pool: log.pool, shard: try shard(context))
    guard let from = try parameters.whole("from") else {
      throw parameters.invalid("from", "nothing", allowed: "the tree size of an earlier checkpoint")
    }
    return try .encoded(try await proofs.consistency(from: from, to: parameters.whole("to")))
  }

  private func shard(_ context: RecountContext) throws -> Int {
    let text = context.parameters.get("shard") ?? ""
    guard let shard = Int(text) else { throw Problem(.notFound, "shards are numbers from 0, not \(text.prefix(20))") }
    return try known(shard)
  }

  private func known(_ shard: Int) throws -> Int {
    guard log.shards.all.contains(shard) else {
      throw Problem(.notFound, "this log has the shards 0 to \(log.shards.count - 1), not \(shard)")
    }
    return shard
  }

  private static func json(_ note: SignedNote) throws -> JSONValue {
    let checkpoint = try Checkpoint(parsing: note.text)
    return .object([
      "origin": .string(checkpoint.origin), "shard": .integer(checkpoint.shard),
      "tree_size": .integer(Int(checkpoint.treeSize)), "root_hash": .string(checkpoint.root.base64),
      "position": .integer(Int(checkpoint.position)),
      "chain_hash": .string(checkpoint.chain.bytes.map { String(format: "%02x", $0) }.joined()),
      "time": .string(checkpoint.timeText), "note": .string("\(note)"),
    ])
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

extension Response {
  static func text(_ text: String) -> Response {
    Response(
      status: .ok, headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"],
      body: .init(byteBuffer: ByteBuffer(string: text)))
  }

  /// A document of the inner targets, its names in snake_case.
  static func encoded(_ document: some Encodable) throws -> Response {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return Response(
      status: .ok, headers: [.contentType: "application/json", .cacheControl: "no-store"],
      body: .init(byteBuffer: ByteBuffer(bytes: try encoder.encode(document))))
  }
}
