import Crypto
import Domain
import Foundation

/// A file of an archive, read frame by frame.
struct ArchiveFile {
  let folder: ArchiveFolder
  /// Such as `2025-01`.
  let month: String
  /// Below the folder.
  let file: String

  var path: String { folder.file(file).path }

  /// When it was last touched; nil when it is not there.
  var modified: Date? {
    (try? FileManager.default.attributesOfItem(atPath: path)[.modificationDate]) as? Date
  }

  /// The lines of the frame at this place. Throws ``ArchiveError``.
  func lines(start: Int64, bytes: Int64) throws -> [ArraySlice<UInt8>] {
    let handle = try open()
    defer { try? handle.close() }
    do { try handle.seek(toOffset: UInt64(clamping: start)) } catch { throw missing("\(error)") }
    return try lines(of: read(Int(bytes), from: handle))
  }

  /// SHA-256 of the whole, in hex, and its size. Throws ``ArchiveError``.
  func sum() throws -> (sha256: String, bytes: Int64) {
    let handle = try open()
    defer { try? handle.close() }
    var hasher = SHA256()
    var bytes: Int64 = 0
    while let piece = try piece(1 << 20, from: handle) {
      hasher.update(data: piece)
      bytes += Int64(piece.count)
    }
    return (hasher.finalize().hex, bytes)
  }

  /// Decompresses all of it and recomputes every hash; says what is not as the manifest has it. Throws ``ArchiveError`` when it can't
  /// be read.
  func fault(against entry: Manifest.File, times: Range<Instant>) throws -> String? {
    let handle = try open()
    defer { try? handle.close() }
    guard let before = [UInt8](hex: entry.hashBefore) else { return "the manifest's hash_before is no hash" }
    var chain = ChainWalk(
      shard: entry.shard, after: entry.firstPosition.addingSaturating(-1), hash: before, times: times)
    var hasher = SHA256()
    for frame in entry.frames {
      let bytes = try read(Int(frame.bytes), from: handle)
      hasher.update(data: bytes)
      for line in try lines(of: bytes) {
        if let fault = chain.follow(line) { return fault }
      }
      guard
        (chain.position, chain.hash.hex, chain.recordedAt.microseconds) == (
          frame.lastPosition, frame.lastHash, frame.recordedToUs
        )
      else { return "the frame that should end at position \(frame.lastPosition) ends at \(chain.position)" }
    }
    guard try piece(1, from: handle) == nil else { return "it goes on after its last frame" }
    guard hasher.finalize().hex == entry.sha256 else { return "its SHA-256 is not \(entry.sha256)" }
    guard
      (chain.position, chain.hash.hex, chain.batches) == (entry.lastPosition, entry.lastHash, entry.batches)
    else { return "it ends at position \(chain.position) instead of \(entry.lastPosition)" }
    return nil
  }

  private func open() throws -> FileHandle {
    do { return try FileHandle(forReadingFrom: folder.file(file)) } catch {
      throw missing(FileManager.default.fileExists(atPath: path) ? "it may not be read" : "it is not there")
    }
  }

  private func lines(of frame: Data) throws -> [ArraySlice<UInt8>] {
    do {
      return try LZ4Frame.decompress(Array(frame)).split(separator: UInt8(ascii: "\n"))
    } catch let failure as LZ4Frame.Failure {
      throw altered(failure.message)
    }
  }

  private func read(_ count: Int, from handle: FileHandle) throws -> Data {
    // A manifest is a file like the others: it may say anything.
    guard count >= 0, let data = try piece(count, from: handle), data.count == count else {
      throw altered("it is shorter than it was")
    }
    return data
  }

  /// Nil at the end.
  private func piece(_ count: Int, from handle: FileHandle) throws -> Data? {
    do {
      let data = try handle.read(upToCount: count)
      return data?.isEmpty == true ? nil : data
    } catch { throw missing("\(error)") }
  }

  /// The error for a file that is not what it was.
  func altered(_ reason: String) -> ArchiveError { .altered(month: month, path: path, reason: reason) }

  private func missing(_ reason: String) -> ArchiveError { .missing(month: month, path: path, reason: reason) }
}
