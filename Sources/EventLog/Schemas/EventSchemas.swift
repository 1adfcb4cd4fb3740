import Domain
package import Foundation
import Synchronization

/// The public contract of the log: what an event of each type and version may hold (EventSchemas/).
package final class EventSchemas: Sendable {
  private let folder: URL
  private let read = Mutex<[Name: JSONSchema?]>([:])

  /// A type and version.
  struct Name: Hashable {
    let type: String
    let version: Int
  }

  /// The schemas of a folder, each read when its first event is met. Throws ``SchemaError/noFolder(_:)``.
  package init(folder: URL) throws {
    self.folder = folder
    guard let files = try? FileManager.default.contentsOfDirectory(atPath: folder.path),
      files.contains(where: { $0.hasSuffix(".json") })
    else { throw SchemaError.noFolder(folder.path) }
  }

  /// Nil when none was published. Throws ``SchemaError``.
  func schema(of name: Name) throws -> JSONSchema? {
    if let known = read.withLock({ $0[name] }) { return known }
    let schema = try load(name)
    read.withLock { $0[name] = .some(schema) }
    return schema
  }

  private func load(_ name: Name) throws -> JSONSchema? {
    // A name from the log becomes a file's: only what can be one.
    guard name.type.wholeMatch(of: /[a-z_]+/) != nil else { return nil }
    let file = folder.appending(path: "\(name.type).v\(name.version).json")
    guard FileManager.default.fileExists(atPath: file.path) else { return nil }
    do {
      return try JSONSchema(JSONDecoder().decode(SchemaKeywords.self, from: Data(contentsOf: file)))
    } catch {
      throw SchemaError.unreadable(file: file.lastPathComponent, reason: "\(error)")
    }
  }

  /// What is wrong with the events of a unit: the place of the first that does not match, and why. Nil when all match.
  func fault(in data: UnsafeRawBufferPointer, of name: Name) throws -> (place: Int, reason: String)? {
    guard let schema = try schema(of: name) else {
      return (0, "holds an event of the type \(name.type).v\(name.version), for which no schema was published")
    }
    let (matching, isWhole) = Self.matching(schema, in: data.assumingMemoryBound(to: UInt8.self))
    return isWhole ? nil : (matching, "does not match the schema \(name.type).v\(name.version)")
  }

  /// How many events match before the first that does not, and whether that is all there is.
  private static func matching(
    _ schema: JSONSchema, in data: UnsafeBufferPointer<UInt8>
  ) -> (count: Int, isWhole: Bool) {
    var json = JSONScanner(data)
    var count = 0
    do throws(JSONSyntaxError) {
      json.skipSpace()
      guard json.current == UInt8(ascii: "[") else { return (0, false) }
      var isFirst = true
      try json.enter()
      while try json.nextElement(isFirst: &isFirst) {
        guard try schema.matches(&json), json.flaw == nil else { return (count, false) }
        count += 1
      }
      try json.end()
    } catch { return (count, false) }
    return (count, true)
  }
}
