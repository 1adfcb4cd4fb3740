import Crypto
import Foundation
import Testing

/// An export, batch by batch.
struct ExportedLog {
  /// A line, and the header that says which batch it is.
  struct Batch {
    var line: String
    let shard: Int
    let firstPosition: Int
    let lastPosition: Int

    /// As the verifier names it.
    var name: String { "shard \(shard), events \(firstPosition) to \(lastPosition):" }
  }

  var batches: [Batch]
  var text: String { batches.map { $0.line + "\n" }.joined() }

  init(_ text: String) throws {
    struct Header: Decodable {
      let shard: Int
      let first_position: Int
      let last_position: Int
    }
    batches = try text.split(separator: "\n").map { line in
      let header = try JSONDecoder().decode(Header.self, from: Data(line.utf8))
      return Batch(
        line: String(line), shard: header.shard, firstPosition: header.first_position,
        lastPosition: header.last_position)
    }
  }
}

extension ExportedLog {
  private struct Content: Codable {
    let shard, first_position, last_position, recorded_at_us: Int
    var hash: String
    let events: String
  }

  /// Writes every hash anew, as whoever changed the past would.
  mutating func mendHashes() throws {
    var links: [Int: [UInt8]] = [:]
    for index in batches.indices {
      var batch = try JSONDecoder().decode(Content.self, from: Data(batches[index].line.utf8))
      let header = "\(batch.shard) \(batch.first_position) \(batch.last_position) \(batch.recorded_at_us)\n"
      let previous = links[batch.shard] ?? Array(repeating: 0, count: 32)
      let link = Array(SHA256.hash(data: previous + Array((header + batch.events).utf8)))
      links[batch.shard] = link
      batch.hash = link.map { String(format: "%02x", $0) }.joined()
      batches[index].line = String(decoding: try JSONEncoder().encode(batch), as: UTF8.self)
    }
  }
}

/// What someone with every right might do to the past before it is exported.
enum Tampering: String, CaseIterable {
  case payload, time, hash, eventOrder, deletion, insertion, swap, tail, rewriting

  /// A log cut off at its end, or written anew with every hash, is a chain in order: only a checkpoint saved earlier tells.
  var needsCheckpoint: Bool { self == .tail || self == .rewriting }

  /// The export after it, and what the verifier must call the first bad batch.
  func applied(to export: ExportedLog) throws -> (ExportedLog, bad: String) {
    var export = export
    // In the middle of a shard's telemetry: neither its first batch nor its last.
    let index = try #require(
      export.batches.indices.dropFirst().dropLast(2).first { index in
        export.batches[index - 1].shard == export.batches[index].shard
          && (index...index + 2).allSatisfy { k in
            export.batches[k].shard == export.batches[index].shard && export.batches[k].line.contains("request_tracked")
          }
      })
    let (target, next) = (export.batches[index], export.batches[index + 1])
    switch self {
    case .payload:
      export.batches[index].line = try replace(#"\"status_code\": 200"#, #"\"status_code\": 500"#, in: target)
    case .time: export.batches[index].line = try replace(#""recorded_at_us": "#, #""recorded_at_us": 1"#, in: target)
    case .hash: export.batches[index].line = try replace(#""hash": ""#, #""hash": "0"#, in: target)
    case .eventOrder: export.batches[index].line = try swapEvents(of: target)
    case .deletion:
      export.batches.remove(at: index)
      return (export, next.name)
    case .insertion: export.batches.insert(target, at: index + 1)
    case .swap:
      export.batches.swapAt(index, index + 1)
      return (export, next.name)
    case .tail:
      let last = try #require(export.batches.lastIndex { $0.shard == target.shard })
      let end = export.batches.remove(at: last)
      let due =
        "covers \(export.batches.filter { $0.shard == end.shard }.count + 1) batches up to position \(end.lastPosition)"
      return (export, "shard \(end.shard) ends at position \(end.firstPosition - 1), .*\(due): its end was cut off")
    case .rewriting:
      export.batches[index].line = try replace(#"\"status_code\": 200"#, #"\"status_code\": 500"#, in: target)
      try export.mendHashes()
      let last = try #require(export.batches.last { $0.shard == target.shard })
      return (
        export, "\(last.name) it is not what the checkpoint of .* was signed for: the log up to here was written anew"
      )
    }
    return (export, target.name)
  }

  private func replace(_ text: String, _ other: String, in batch: ExportedLog.Batch) throws -> String {
    let range = try #require(batch.line.range(of: text))
    return batch.line.replacingCharacters(in: range, with: other)
  }

  /// The first two events of the batch change places, which keeps every number.
  private func swapEvents(of batch: ExportedLog.Batch) throws -> String {
    let marker = #"\"data\": ["#
    let start = try #require(batch.line.range(of: marker)).upperBound
    let data = batch.line[start...]
    let first = try #require(data.range(of: "}, "))
    let second = try #require(data[first.upperBound...].range(of: "}"))
    let (one, two) = (data[..<first.lowerBound] + "}", data[first.upperBound..<second.upperBound])
    return batch.line[..<start] + two + ", " + one + data[second.upperBound...]
  }
}
