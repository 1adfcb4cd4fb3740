public import Foundation

/// A folder of .sql files that is run as one script, one SQL object a file.
public enum SQLFolder {
  /// The files in the order of their names, which so read as a table of contents. Throws `CocoaError` when there is no such folder.
  public static func script(of folder: URL?) throws -> String {
    guard let folder else { throw CocoaError(.fileNoSuchFile) }
    return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .filter { $0.pathExtension == "sql" }
      .sorted { $0.lastPathComponent < $1.lastPathComponent }
      .map { try String(contentsOf: $0, encoding: .utf8) }
      .joined(separator: "\n")
  }
}
