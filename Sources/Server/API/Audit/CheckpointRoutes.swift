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

  /// How long a key may be kept, in seconds: it changes by the operator's hand, if ever.
  private static let keySeconds = 3_600
  /// How long the rest may be kept: the next checkpoint is made within ten minutes.
  private static let seconds = 60

  init(log: Log, key: VerifierKey) {
    self.log = log
    self.key = key
  }

  func add(to router: Router<RecountContext>) {
    let everyone = router.group("/.well-known/recount")
    let key = PublicAnswer(ByteBuffer(string: "\(key)\n"), contentType: Self.text, seconds: Self.keySeconds)
    everyone.get("key") { request, _ in key.response(to: request) }
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
    let before = try parameters.treeSize()
    guard try parameters.choice("format", of: ["text", "json"]) == "json" else {
      let latest = try await published.latest()
      guard !latest.notes.isEmpty else {
        throw Problem(.notFound, "no checkpoint has been made yet: the schedule makes the first within minutes")
      }
      return PublicAnswer(ByteBuffer(string: "\(latest)"), contentType: Self.text, seconds: Self.seconds).response(
        to: request)
    }
    guard let shard else {
      return shown(
        members: ["checkpoints": .array(try await published.latest().notes.map(Self.json)), "next_cursor": .null],
        to: request)
    }
    let notes = try await published.page(of: shard, before: before, limit: limit + 1)
    let last = notes.count > limit ? try Checkpoint(parsing: notes[limit - 1].text).treeSize : nil
    return shown(
      members: [
        "checkpoints": .array(try notes.prefix(limit).map(Self.json)),
        "next_cursor": last.map { .string(Cursor(["\($0)"]).text) } ?? .null,
      ], to: request)
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
    return try shown(try await proofs.inclusion(of: batch, size: parameters.whole("size")), to: request)
  }

  private func consistency(_ request: Request, _ context: RecountContext) async throws -> Response {
    let parameters = ReadParameters(request)
    let proofs = Proofs(pool: log.pool, shard: try shard(context))
    guard let from = try parameters.whole("from") else {
      throw parameters.invalid("from", "nothing", allowed: "the tree size of an earlier checkpoint")
    }
    return try shown(try await proofs.consistency(from: from, to: parameters.whole("to")), to: request)
  }

  private static let text = "text/plain; charset=utf-8"

  private func shown(members: [String: JSONValue], to request: Request) -> Response {
    shown(bytes: JSONValue.object(members).bytes, to: request)
  }

  /// A document of the inner targets, its names in snake_case.
  private func shown(_ document: some Encodable, to request: Request) throws -> Response {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return shown(bytes: Array(try encoder.encode(document)), to: request)
  }

  private func shown(bytes: [UInt8], to request: Request) -> Response {
    PublicAnswer(ByteBuffer(bytes: bytes), contentType: "application/json", seconds: Self.seconds).response(to: request)
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

  /// The tree size of the last checkpoint of the page before.
  fileprivate func treeSize() throws -> Int64? {
    guard let given = try text("cursor") else { return nil }
    guard let size = Cursor(given, count: 1).flatMap({ Int64($0.values[0]) }) else {
      throw invalid("cursor", given, allowed: "next_cursor of the page before")
    }
    return size
  }
}
