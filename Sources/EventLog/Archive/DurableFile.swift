import Foundation

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A file that appears under its name only when all of it is on disk: written beside it, flushed, renamed, and its folder flushed.
/// Without the last step a crash of the machine could take the name back.
struct DurableFile: ~Copyable {
  private let target: URL
  private let draft: URL
  private let descriptor: Int32

  /// Begins a draft; a draft that an earlier run left is written over.
  init(_ target: URL) throws {
    self.target = target
    draft = target.deletingLastPathComponent().appending(path: ".\(target.lastPathComponent).partial")
    descriptor = open(draft.path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw Self.failure(draft, "create") }
  }

  deinit { close(descriptor) }

  func write(_ bytes: [UInt8]) throws {
    var offset = 0
    while offset < bytes.count {
      let written = bytes.withUnsafeBytes { buffer in
        write_(descriptor, buffer.baseAddress.map { $0 + offset }, buffer.count - offset)
      }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { throw Self.failure(draft, "write") }
      offset += written
    }
  }

  /// All of it is on disk, still under the draft's name.
  func flush() throws {
    guard fsync(descriptor) == 0 else { throw Self.failure(draft, "flush") }
    #if canImport(Glibc)
      // Who reads it back shall read the disk, not what is still in memory.
      _ = posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED)
    #endif
  }

  /// Gives it its name, for good.
  func publish() throws {
    guard rename(draft.path, target.path) == 0 else { throw Self.failure(target, "rename the draft of") }
    try Self.flush(folder: target.deletingLastPathComponent())
  }

  /// Creates a folder, with those above it, for good.
  static func create(folder: URL) throws {
    guard access(folder.path, F_OK) != 0 else { return }
    let parent = folder.deletingLastPathComponent()
    if folder.path != parent.path { try create(folder: parent) }
    guard mkdir(folder.path, 0o755) == 0 || errno == EEXIST else { throw failure(folder, "create the folder") }
    try flush(folder: parent)
  }

  private static func flush(folder: URL) throws {
    let descriptor = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(folder, "open the folder") }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure(folder, "flush the folder") }
  }

  private static func failure(_ url: URL, _ doing: String) -> ArchiveError {
    .unwritable(path: url.path, doing: doing, reason: systemReason())
  }
}

/// The system's, which the method of the same name hides.
private func write_(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, bytes, count)
}
