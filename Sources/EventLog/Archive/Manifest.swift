import Domain
import Foundation

/// What a month's archive holds: `manifest.json`, and what `log.drop_archived_month()` holds against the partition.
struct Manifest: Codable, Equatable {
  /// Of the files and of this.
  var format = 1
  /// Such as `2025-01`.
  var month: String
  /// When the log was created, in microseconds since 1970: tells one log's archive from another's.
  var logCreatedAtUs: Int64
  /// One per shard that recorded anything in the month, by shard.
  var files: [File]

  struct File: Codable, Equatable {
    var shard: Int
    /// Below the archive's folder.
    var file: String
    var bytes: Int64
    /// Uncompressed.
    var textBytes: Int64
    /// Of the file, in hex.
    var sha256: String
    var firstPosition: Int64
    var lastPosition: Int64
    var batches: Int64
    var events: Int64
    /// The link that its first batch hangs on, in hex.
    var hashBefore: String
    var lastHash: String
    var recordedFromUs: Int64
    var recordedToUs: Int64
    var frames: [Frame]
  }

  /// A stretch of the file that decompresses alone.
  struct Frame: Codable, Equatable {
    var start: Int64
    var bytes: Int64
    var firstPosition: Int64
    var lastPosition: Int64
    var lastHash: String
    var recordedToUs: Int64
  }

  /// The same each time, so that an archive written again is the same file.
  func encoded() throws -> [UInt8] { try Self.encode(self, [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]) }

  /// For the database.
  func encodedFiles() throws -> [UInt8] { try Self.encode(files, [.sortedKeys, .withoutEscapingSlashes]) }

  init(month: String, logCreatedAtUs: Int64, files: [File]) {
    (self.month, self.logCreatedAtUs, self.files) = (month, logCreatedAtUs, files)
  }

  /// From a file. Throws ``ArchiveError``.
  init(reading url: URL, month: String) throws {
    let data: Data
    do { data = try Data(contentsOf: url) } catch {
      throw ArchiveError.missing(month: month, path: url.path, reason: "it is not there, or may not be read")
    }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    do { self = try ForeignJSON.decode(Manifest.self, from: data, by: decoder) } catch {
      throw ArchiveError.altered(month: month, path: url.path, reason: "it is no manifest")
    }
  }

  private static func encode(_ value: some Encodable, _ formatting: JSONEncoder.OutputFormatting) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = formatting
    return Array(try encoder.encode(value))
  }
}
