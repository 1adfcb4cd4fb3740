import Domain
import Foundation

/// Where an export goes. A file appears under its name only when it is whole: one that broke off must not be taken for the log.
final class ExportFile {
  private let handle: FileHandle
  private let target: URL?
  /// What is written to until the file is whole; nil once it is, and for what can't be renamed, such as a pipe.
  private var draft: URL?
  private var buffer: [UInt8] = []
  private let isWatched: Bool
  /// A write for each line would cost more than the line.
  private static let bufferSize = 256 * 1_024

  /// A file by its path, which may exist and is then replaced; nil for standard output. Throws ``ExportFileError``.
  init(_ path: String?) throws {
    guard let path else {
      (handle, target, isWatched) = (.standardOutput, nil, isatty(STDOUT_FILENO) == 1)
      return
    }
    let target = URL(filePath: path)
    let type = try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
    // A device or a pipe is written to; a draft would take its place.
    let draft =
      type == nil || type == .typeRegular
      ? target.deletingLastPathComponent().appending(path: ".\(target.lastPathComponent).partial") : nil
    let written = draft ?? target
    if draft != nil, !FileManager.default.createFile(atPath: written.path, contents: nil) {
      throw ExportFileError(path: path)
    }
    guard let handle = try? FileHandle(forWritingTo: written) else { throw ExportFileError(path: path) }
    (self.handle, self.target, self.draft, isWatched) = (handle, target, draft, false)
  }

  deinit {
    if let draft { try? FileManager.default.removeItem(at: draft) }
  }

  func write(line: String) throws {
    // To the byte, but for eyes.
    let line = isWatched ? ForeignText.lines(line) : line
    buffer.append(contentsOf: line.utf8)
    buffer.append(UInt8(ascii: "\n"))
    if buffer.count >= Self.bufferSize { try flush() }
  }

  /// Writes what is left, and gives the file its name.
  func finish() throws {
    try flush()
    guard let draft, let target else { return }
    try handle.synchronize()
    try handle.close()
    guard rename(draft.path, target.path) == 0 else { throw ExportFileError(path: target.path) }
    self.draft = nil
  }

  private func flush() throws {
    try handle.write(contentsOf: buffer)
    buffer.removeAll(keepingCapacity: true)
  }
}

/// A file that can't be written.
struct ExportFileError: Error, CustomStringConvertible {
  let path: String
  var description: String { "can't write the file \(path): its folder must exist and be yours to write to" }
}
