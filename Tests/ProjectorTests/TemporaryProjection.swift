import Foundation

/// A folder of one projection, removed at the end.
final class TemporaryProjection: Sendable {
  let url: URL

  init(name: String, schema: String, apply: String) throws {
    url = FileManager.default.temporaryDirectory.appending(path: "projections-\(UUID())")
    try write(name: name, schema: schema, apply: apply)
  }

  /// Writes it, over what it was before.
  func write(name: String, schema: String, apply: String) throws {
    let folder = url.appending(path: name)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(schema.utf8).write(to: folder.appending(path: "schema.sql"))
    try Data(apply.utf8).write(to: folder.appending(path: "apply.sql"))
  }

  deinit { try? FileManager.default.removeItem(at: url) }
}
