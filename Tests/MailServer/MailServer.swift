package import Foundation

/// A real SMTP server in a process of its own (`mail_server.py`, on aiosmtpd), and what it got.
package final class MailServer: Sendable {
  /// How it is spoken to.
  package enum TLS: String, Sendable {
    case none, starttls, implicit
  }

  /// Where it listens, on 127.0.0.1.
  package let port: Int
  /// Who issued its certificate; there is no such file without TLS.
  package let authority: URL
  private let folder: URL
  private let process: Process
  /// It ends when this does.
  private let leash: Pipe

  /// Runs a test against a fresh one.
  ///
  /// - Parameters:
  ///   - login: what it asks for; nil takes mail from anybody.
  ///   - certified: the host that its certificate is for.
  ///   - takesUTF8: whether it offers SMTPUTF8.
  package static func with<T>(
    tls: TLS = .none, login: (user: String, password: String)? = nil, certified: String = "127.0.0.1",
    takesUTF8: Bool = false, _ body: (MailServer) async throws -> T
  ) async throws -> T {
    var arguments = ["--tls", tls.rawValue, "--certified", certified]
    if let login { arguments += ["--user", login.user, "--password", login.password] }
    if takesUTF8 { arguments.append("--utf8") }
    let server = try await MailServer(arguments)
    defer { server.stop() }
    return try await body(server)
  }

  private init(_ arguments: [String]) async throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "recount-mail-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    authority = folder.appending(path: "ca.pem")
    process = Process()
    leash = Pipe()
    let complaints = folder.appending(path: "errors.txt")
    try Data().write(to: complaints)
    process.executableURL = try Self.python
    process.arguments = [Self.script.path, folder.path] + arguments
    process.standardInput = leash
    process.standardError = try FileHandle(forWritingTo: complaints)
    try process.run()
    let end = ContinuousClock.now + .seconds(120)
    let noted = folder.appending(path: "port")
    while !FileManager.default.fileExists(atPath: noted.path) {
      guard process.isRunning, ContinuousClock.now < end else {
        let text = (try? String(contentsOf: complaints, encoding: .utf8)) ?? ""
        throw MailServerFailure(reason: String(text.suffix(1_000)))
      }
      try await Task.sleep(for: .milliseconds(10))
    }
    port = Int(try String(contentsOf: noted, encoding: .utf8)) ?? 0
  }

  private func stop() {
    // Neither the pipe's end nor waitUntilExit would do: a database that was started meanwhile has inherited both.
    kill(process.processIdentifier, SIGKILL)
    try? FileManager.default.removeItem(at: folder)
  }

  private static let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "mail_server.py")

  private static var python: URL {
    get throws {
      let root = script.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      let python = root.appending(path: ".build/venv/bin/python")
      guard FileManager.default.isExecutableFile(atPath: python.path) else {
        throw MailServerFailure(reason: "no \(python.path)")
      }
      return python
    }
  }

  /// Lets those who wait for `hold…@` go on.
  package func release() throws { try Data().write(to: folder.appending(path: "release")) }

  /// What it accepted, in order.
  package func received() throws -> [ReceivedMail] {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .filter { $0.pathExtension == "json" && !$0.lastPathComponent.hasPrefix(".") }
      .sorted {
        (Int($0.deletingPathExtension().lastPathComponent) ?? 0)
          < (Int($1.deletingPathExtension().lastPathComponent) ?? 0)
      }
      .map { try decoder.decode(ReceivedMail.self, from: Data(contentsOf: $0)) }
  }
}

/// A mail as a server took it, parsed by Python's email package.
package struct ReceivedMail: Decodable, Sendable {
  /// The envelope's sender.
  package let from: String
  /// The envelope's recipients.
  package let to: [String]
  /// Whether it was sent with SMTPUTF8.
  package let isUtf8: Bool
  /// Whether the connection was protected.
  package let isTls: Bool
  /// Who had logged in.
  package let user: String?
  /// Names and values, decoded, in order.
  package let headers: [[String]]
  /// The plain part.
  package let text: String
  /// The HTML part.
  package let html: String
  /// What the parser found wrong.
  package let defects: [String]
  /// As it was sent.
  package let raw: String

  /// The value of a header.
  package func header(_ name: String) -> String? { headers.first { $0.first == name }?.last }
}

/// There is no mail server to test against.
package struct MailServerFailure: Error, CustomStringConvertible {
  let reason: String
  /// Says what to do.
  package var description: String {
    "no mail server to test against: run tools/test once, which makes .build/venv with aiosmtpd in it (\(reason))"
  }
}
