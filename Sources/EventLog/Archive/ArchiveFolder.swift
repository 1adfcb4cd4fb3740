package import Foundation

/// Where archive files lie: a folder per month, such as `2025-01`, with a file per shard and a manifest.
///
///     2025-01/shard-0.jsonl.lz4   the month's batches of shard 0, as `audit export` writes them, in LZ4 frames
///     2025-01/manifest.json       what the files hold, and their hashes
///
/// `lz4 -t` tests a file, `lz4 -dc 2025-*/shard-*.lz4 | tools/verify_log.py -` checks them with nothing of ours.
package struct ArchiveFolder: Sendable, Hashable {
  /// The folder; it need not exist yet.
  package let url: URL

  /// A folder.
  package init(_ url: URL) { self.url = url }

  func month(_ month: String) -> URL { url.appending(path: month, directoryHint: .isDirectory) }
  func manifest(_ month: String) -> URL { self.month(month).appending(path: "manifest.json") }
  func file(_ file: String) -> URL { url.appending(path: file) }

  /// As it stands in manifests and `log.archives`: below the folder, so that a folder may be moved.
  static func name(month: String, shard: Int) -> String { "\(month)/shard-\(shard).jsonl.lz4" }
}
