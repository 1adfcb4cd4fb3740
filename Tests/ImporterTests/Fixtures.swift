import Foundation
import LoopbackServer
import RecountClient
import Synchronization
import Testing

@testable import Importer

/// The real log that ships beside the repository.
enum SharedData {
  static let folder: String = {
    if let folder = ProcessInfo.processInfo.environment["RECOUNT_SHARED"] { return folder + "/data" }
    // Tests/ImporterTests/Fixtures.swift is three levels below the package.
    var root = URL(filePath: #filePath)
    for _ in 0..<3 { root.deleteLastPathComponent() }
    return root.appending(path: "../shared/data").path
  }()

  static let openStackLog = folder + "/openstack-nova-api.log"
}

/// A folder that is gone after the test.
func withFolder<T>(_ body: (URL) async throws -> T) async throws -> T {
  let folder = FileManager.default.temporaryDirectory.appending(path: "recount-import-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try await body(folder)
}

/// Collects what an importer tells.
final class Notices: Sendable {
  private let kept = Mutex<[ImportNotice]>([])

  var all: [ImportNotice] { kept.withLock { $0 } }
  func add(_ notice: ImportNotice) { kept.withLock { $0.append(notice) } }

  var unreadable: [String] {
    all.compactMap { if case .unreadable(let line, let reason) = $0 { "\(line): \(reason)" } else { nil } }
  }
}

/// Counts as Recount does: a batch that was counted before is a duplicate.
final class CountingServer: Sendable {
  private struct Body: Decodable {
    let batch_id: UUID
    let events: [Event]
  }

  struct Event: Decodable {
    let endpoint: String
    let response_time_ms: Decimal?
    let response_bytes: Int?
    let timestamp: String
  }

  private let counted = Mutex<[UUID: [Event]]>([:])

  var events: [Event] { counted.withLock { $0.values.flatMap(\.self) } }

  func reply(_ request: LoopbackServer.Request) -> LoopbackServer.Reply {
    guard let body = try? JSONDecoder().decode(Body.self, from: Data(request.body.utf8)) else {
      return .answer(status: 400)
    }
    let isKnown = counted.withLock { $0.updateValue(body.events, forKey: body.batch_id) != nil }
    let (accepted, duplicates) = isKnown ? (0, body.events.count) : (body.events.count, 0)
    return .answer(
      status: 202, body: #"{"accepted":\#(accepted),"duplicates":\#(duplicates),"refused":0,"invalid":0}"#)
  }
}

extension ImportOptions {
  init(_ path: String, _ format: LogFormatName, _ server: LoopbackServer, _ folder: URL) throws {
    var client = RecountClient.Configuration(url: try #require(URL(string: server.url)), key: "sk_test_abc")
    client.retry.patience = .zero
    self.init(source: .file(path), format: format, client: client, stateFolder: folder.appending(path: "state"))
  }
}

extension LogFormat {
  func parse(text: String) throws(LineError) -> TrackEvent { try parse(ArraySlice(text.utf8)) }
}
