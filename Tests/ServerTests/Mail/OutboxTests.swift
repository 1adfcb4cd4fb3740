import Foundation
import Logging
import Synchronization
import Testing

@testable import Application
@testable import Server

/// Mails as files, where no server is set.
@Suite struct OutboxTests {
  @Test func aMailIsOneFileHoweverOftenItIsWrittenAndNobodyElseMayReadIt() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "recount-outbox-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let outbox = Outbox(folder: folder, logger: Service.silent)
    let mail = try Mail.sample()
    for _ in 0..<3 { try await outbox.deliver(mail) }
    try await outbox.deliver(.sample(about: "1/2"))
    let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    #expect(files.count == 2 && files.allSatisfy { $0.pathExtension == "eml" })
    let file = try #require(files.first { $0.lastPathComponent.hasPrefix(mail.id.local) })
    #expect(try Data(contentsOf: file) == Data(mail.rendered()))
    let rights = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
    #expect(rights == 0o600)
  }

  /// A token is as good as a password, and a log has many readers.
  @Test(arguments: [false, true]) func linksStandInTheLogOnlyWhereTheOperatorAsksForIt(asked: Bool) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "recount-outbox-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let lines = LinesOfLog(from: .trace)
    let outbox = Outbox(folder: folder, logsLinks: asked, logger: lines.logger)
    let link = "https://recount.example.org/verify?token=abc"
    let mail = try Mail.sample(link: link)
    try await outbox.deliver(mail)
    #expect(lines.text.contains(mail.id.local), "the file is named")
    #expect(lines.text.contains(link) == asked)
  }

  @Test func aFolderThatCanNotBeWrittenIsTriedAgain() async throws {
    let outbox = Outbox(folder: URL(filePath: "/proc/nowhere"), logger: Service.silent)
    await #expect(throws: MailFailure.self) { try await outbox.deliver(.sample()) }
  }
}
