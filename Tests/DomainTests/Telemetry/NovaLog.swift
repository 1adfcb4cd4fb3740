import Foundation

/// The real log: an OpenStack API's requests of a night in 2017 (loghub). Not part of the repository; `RECOUNT_NOVA_LOG`
/// says where it is, by default beside the repository.
enum NovaLog {
  static let path =
    ProcessInfo.processInfo.environment["RECOUNT_NOVA_LOG"]
    ?? URL(filePath: #filePath).appending(path: "../../../../../shared/data/openstack-nova-api.log").standardized.path

  static func requests() throws -> [(method: String, path: String)] {
    try String(contentsOfFile: path, encoding: .utf8).split(whereSeparator: \.isNewline).compactMap { line in
      let quoted = line.split(separator: "\"")
      let words = quoted.count > 1 ? quoted[1].split(separator: " ") : []
      return words.count == 3 ? (String(words[0]), String(words[1])) : nil
    }
  }
}
