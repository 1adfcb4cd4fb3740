import Foundation

/// Keeps one file per import in a folder. A file is replaced as a whole and flushed to the disk, so that after a crash
/// it is the old one or the new one.
struct MemoryStore {
  let folder: URL

  /// What is remembered, `nil` when nothing is.
  func load(_ identity: ImportIdentity) throws(ImportError) -> ImportMemory? {
    let file = file(identity)
    guard FileManager.default.fileExists(atPath: file.path) else { return nil }
    do {
      return try JSONDecoder().decode(ImportMemory.self, from: try Data(contentsOf: file))
    } catch {
      throw .memory(file.path, "\(error)")
    }
  }

  func save(_ memory: ImportMemory, _ identity: ImportIdentity) throws(ImportError) {
    do {
      let draft = try draft(memory, identity)
      guard rename(draft.path, file(identity).path) == 0 else { throw CocoaError(.fileWriteUnknown) }
      try flushFolder()
    } catch {
      throw .memory(folder.path, "\(error)")
    }
  }

  /// Saves what an import begins with, unless another process that runs the same command was faster: then its memory
  /// counts, and both send the same ids.
  func saveFirst(_ memory: ImportMemory, _ identity: ImportIdentity) throws(ImportError) -> ImportMemory {
    do {
      let draft = try draft(memory, identity)
      defer { try? FileManager.default.removeItem(at: draft) }
      if link(draft.path, file(identity).path) == 0 {
        try flushFolder()
        return memory
      }
    } catch {
      throw .memory(folder.path, "\(error)")
    }
    guard let other = try load(identity) else { throw .memory(folder.path, "no file can be linked there") }
    return other
  }

  private func file(_ identity: ImportIdentity) -> URL { folder.appending(path: identity.name + ".json") }

  /// The memory in a file of its own, on the disk. The name is unique: two imports at a time must not write one draft.
  private func draft(_ memory: ImportMemory, _ identity: ImportIdentity) throws -> URL {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let draft = file(identity).appendingPathExtension(UUID().uuidString)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    try Data().write(to: draft)
    let handle = try FileHandle(forWritingTo: draft)
    try handle.write(contentsOf: try encoder.encode(memory))
    try handle.synchronize()
    try handle.close()
    return draft
  }

  /// A file's name is in its folder, which has to reach the disk too.
  private func flushFolder() throws { try FileHandle(forReadingFrom: folder).synchronize() }
}
