import Crypto
import Domain
import Foundation

@testable import EventLog
@testable import Postgres

extension Target {
  private static let hash = String(repeating: "0f", count: 32)
  private static let root = Data(repeating: 1, count: 32).base64EncodedString()

  private static let checkpoint =
    "localhost/recount/shard-0\n1017\n\(root)\nshard 0\nposition 41377\nchain \(hash)\ntime 2026-11-24T10:00:00Z\n"
  private static let note =
    "\(checkpoint)\n— localhost/recount \(Data(repeating: 2, count: 68).base64EncodedString())\n"

  /// Files that were saved somewhere, and rows as the database sends them.
  static let ofLogFiles: [Target] = [
    Target("note", [note, "\(note)\n\(note)"]) { text in
      _ = try? SignedNote(parsing: text)
      _ = try? CheckpointSet(parsing: text).checkpoints()
    },
    Target("checkpoint", [checkpoint]) { _ = try? Checkpoint(parsing: $0) },
    Target(
      "verifier's key",
      ["localhost/recount+0123abcd+\(Data([1] + [UInt8](repeating: 3, count: 32)).base64EncodedString())"]
    ) {
      _ = try? VerifierKey(parsing: $0)
    },
    Target(
      "archived batch",
      [
        Array(
          #"{"shard": 0, "first_position": 1, "last_position": 2, "recorded_at_us": 1795000000000000, "hash": "\#(hash)", "events": "[{\"type\": \"a\"}]"}"#
            .utf8)
      ]
    ) { bytes, fuzzer in
      _ = BatchLine(bytes[...])?.tabbed
      var walk = ChainWalk(
        shard: 0, after: fuzzer.number(), hash: [], times: .epoch..<Instant(microseconds: max(1, fuzzer.number())))
      _ = walk.follow(bytes[...])
    },
    Target("archive's frame", [(try? LZ4Frame.compress(Array("some text, some text".utf8))) ?? []]) { bytes, _ in
      _ = try? LZ4Frame.decompress(bytes)
    },
    Target("pieces of usage", ["0"].map { Array($0.utf8) }) { _, fuzzer in
      var explanation = UsageExplanation()
      let id = UUID()
      for _ in 0..<4 {
        explanation.add(
          UsageExplanation.Piece(
            day: "2026-11-24", isLate: Bool.random(using: &fuzzer), projectID: id, keyID: id,
            voidID: Bool.random(using: &fuzzer) ? id : nil, givesBackQuota: Bool.random(using: &fuzzer) ? true : nil,
            events: fuzzer.number(), firstPosition: fuzzer.number(), lastPosition: fuzzer.number()))
      }
      let part = explanation.of(project: id)
      _ = [part.used, part.calls, part.voidedAndUsed, part.shown, part.late, part.voidedSince, part.givenBackSince]
    },
    Target("proof", ["0"].map { Array($0.utf8) }) { _, fuzzer in
      let size = max(1, fuzzer.number() & .max)
      _ = MerkleProof.inclusion(of: Int64.random(in: 0..<size, using: &fuzzer), in: size).flatMap(\.subtrees)
      _ = MerkleProof.consistency(from: Int64.random(in: 1...size, using: &fuzzer), to: size).flatMap(\.subtrees)
    },
    Target(
      "stored JSON",
      [
        #"[{"a": 1.5e3, "b": [true, false, null, "\u00e9\n"], "c": {"d": -0.25}}]"#,
        String(repeating: "[", count: 3_000),
      ]
      .map { Array($0.utf8) }
    ) { bytes, _ in
      _ = try? JSONValue(parsing: bytes).bytes
      bytes.withUnsafeBufferPointer { bytes in
        var scanner = JSONScanner(bytes)
        scanner.skipSpace()
        guard let token = try? scanner.value() else { return }
        switch token.kind {
        case .number: _ = SchemaNumber(scanner.bytes(of: token))
        case .string: _ = scanner.withText(token) { UUIDText.uuid($0) }
        default: break
        }
      }
    },
    Target(
      "cell",
      ["2026-11-24 10:00:00.123456+05:30", "{1,2,\"a \\\" b\"}", "[0:1]={1,2}", "\\x0a0b", "-17", "infinity"].map {
        Array($0.utf8)
      }
    ) { bytes, _ in
      bytes.withUnsafeBytes { bytes in
        _ = Instant(postgresText: bytes)
        _ = UUID(postgresText: bytes)
        _ = Int64(postgresText: bytes)
        _ = Int32(postgresText: bytes)
        _ = Double(postgresText: bytes)
        var array = ArrayReader(text: bytes)
        _ = array.read(Int64.self)
        var texts = ArrayReader(text: bytes)
        _ = texts.read(String.self)
      }
    },
    Target("parameter", ["0"].map { Array($0.utf8) }) { _, fuzzer in
      _ = Instant(microseconds: fuzzer.number()).parameter
      _ = Double(bitPattern: fuzzer.next()).parameter
    },
  ]
}
