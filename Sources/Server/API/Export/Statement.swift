import Domain
import EventLog
import Foundation

/// An account's month as of a position of the log: what it used, and the proof that the batch which ends there is part of the log
/// that a checkpoint was signed for. Verifiable without us: tools/verify_log.py --statement.
struct Statement {
  let accountID: UUID
  let month: String
  let issuedAt: Date
  let firstPosition: Int64
  let usage: [Day]
  /// Live requests that were voided and stay used of the quota: no part of `usage`.
  let voided: Int64
  let proof: InclusionProof

  /// Live requests of a project, by their own timestamps (UTC).
  struct Day {
    let project: UUID
    let day: String
    let requests: Int64
  }

  /// The document, `note` within it: a signed note (c2sp.org/signed-note) of two lines, `<key's name>/statement` and the
  /// document without `note` as one line of JSON, so that what is shown can be held against what was signed.
  func signed(by keys: SigningKeys) throws -> [String: JSONValue] {
    var document = members
    let json = String(decoding: JSONValue.object(document).bytes, as: UTF8.self)
    document["note"] = .string("\(try keys.sign("\(keys.verifier.name)/statement\n\(json)\n"))")
    return document
  }

  private var members: [String: JSONValue] {
    let total = usage.reduce(Int64(0)) { $0.addingSaturating($1.requests) }
    return [
      "account_id": .string(accountID.uuidString.lowercased()), "month": .string(month), "mode": "live",
      "issued_at": .string(Timestamp.text(issuedAt)), "shard": .integer(proof.shard),
      "first_position": .integer(Int(firstPosition)), "last_position": .integer(Int(proof.lastPosition)),
      "total": .integer(Int(total)), "voided": .integer(Int(voided)),
      "used": .integer(Int(total.addingSaturating(voided))),
      "usage": .array(
        usage.map { day in
          .object([
            "project_id": .string(day.project.uuidString.lowercased()), "day": .string(day.day),
            "requests": .integer(Int(day.requests)),
          ])
        }),
      "inclusion": .object([
        "shard": .integer(proof.shard), "batch": .integer(Int(proof.batch)),
        "first_position": .integer(Int(proof.firstPosition)), "last_position": .integer(Int(proof.lastPosition)),
        "chain_hash": .string(proof.chainHash), "tree_size": .integer(Int(proof.treeSize)),
        "root_hash": .string(proof.rootHash), "hashes": .array(proof.hashes.map { .string($0) }),
        "checkpoint": .string(proof.checkpoint),
      ]),
    ]
  }
}
