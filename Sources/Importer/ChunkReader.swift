import Dispatch
import Foundation

/// Reads a file or the standard input piece by piece, on a thread that may block: a pipe can keep one waiting for ever.
struct ChunkReader: Sendable {
  private let handle: FileHandle
  private let queue = DispatchQueue(label: "recount.import.read")
  /// Large enough for the hop between threads not to show, small enough for a constant memory of a few of them.
  static let size = 1 << 20

  /// - Throws: ``ImportError/unreadableFile(_:_:)``
  init(_ source: ImportSource) throws(ImportError) {
    switch source {
    case .standardInput: handle = .standardInput
    case .file(let path):
      do {
        handle = try FileHandle(forReadingFrom: URL(filePath: path))
      } catch {
        throw .unreadableFile(path, error.localizedDescription)
      }
    }
  }

  /// The next piece; empty at the end.
  func next() async throws -> [UInt8] {
    try await withCheckedThrowingContinuation { continuation in
      queue.async {
        continuation.resume(with: Result { Array(try handle.read(upToCount: Self.size) ?? Data()) })
      }
    }
  }
}
