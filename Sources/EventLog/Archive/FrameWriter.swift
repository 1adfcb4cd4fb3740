import Crypto
import Domain
import Foundation

/// Fills a file with LZ4 frames of whole lines.
struct FrameWriter: ~Copyable {
  private let file: DurableFile
  private var lines: [UInt8] = []
  private var end: BatchLine?
  private var first: Int64?
  private var hasher = SHA256()
  private(set) var bytes: Int64 = 0
  private(set) var textBytes: Int64 = 0
  private(set) var frames: [Manifest.Frame] = []

  /// Text of a frame, about: some 30,000 events, which is what a reader takes at a time. Larger ones compress no better, since LZ4
  /// looks back 64 KB.
  private static let frameSize = 4 << 20

  init(_ target: URL) throws {
    file = try DurableFile(target)
    lines.reserveCapacity(Self.frameSize + Self.frameSize / 4)
  }

  /// Takes the next line, without its end; nil when it is not a batch.
  mutating func add(_ line: String) throws -> BatchLine? {
    let bytes = Array(line.utf8)
    guard let batch = BatchLine(bytes[...]) else { return nil }
    lines += bytes
    lines.append(UInt8(ascii: "\n"))
    if first == nil { first = batch.firstPosition }
    end = batch
    if lines.count >= Self.frameSize { try endFrame() }
    return batch
  }

  /// All lines are on disk, under the draft's name.
  mutating func finish() throws {
    try endFrame()
    try file.flush()
  }

  func publish() throws { try file.publish() }

  /// Of the file, in hex.
  var sha256: String { hasher.finalize().hex }

  private mutating func endFrame() throws {
    guard let end, let first else { return }
    let frame = try LZ4Frame.compress(lines)
    try file.write(frame)
    hasher.update(data: frame)
    frames.append(
      Manifest.Frame(
        start: bytes, bytes: Int64(frame.count), firstPosition: first, lastPosition: end.lastPosition,
        lastHash: end.hash,
        recordedToUs: end.recordedAt.microseconds))
    bytes += Int64(frame.count)
    textBytes += Int64(lines.count)
    lines.removeAll(keepingCapacity: true)
    (self.end, self.first) = (nil, nil)
  }
}
