import Application
import Configuration
import Foundation
import Server

/// What the environment says of mails; `Settings` documents each variable. Checked when a server starts, so that no first mail has
/// to find a mistake.
struct MailSettings {
  /// Nil: mails become files.
  let server: SMTPServer?
  let from: Mailbox
  /// What links begin with, without a slash at its end.
  let publicURL: String
  /// Whether the links of mails that become files stand in the log, too.
  let logsLinks: Bool

  /// - Parameter address: where the server listens.
  init(
    address: String, environment: ConfigReader = ConfigReader(provider: EnvironmentVariablesProvider())
  ) throws {
    let certificates = try environment.string(forKey: "smtp.ca.file").flatMap(Self.readableFile)
    server = try environment.string(forKey: "smtp.url").flatMap { try Self.server($0, certificates) }
    from = try Self.sender(environment.string(forKey: "recount.mail.from"), isRequired: server != nil)
    publicURL = try Self.base(environment.string(forKey: "recount.public.url", default: address))
    logsLinks = try Self.answer("RECOUNT_LOG_MAIL_LINKS", environment.string(forKey: "recount.log.mail.links"))
  }

  private static func server(_ url: String, _ certificates: URL?) throws -> SMTPServer? {
    guard !url.isEmpty else { return nil }
    do { return try SMTPServer(url: url, certificates: certificates) } catch {
      let parts = "\(error)".split(separator: "; allowed: ", maxSplits: 1).map(String.init)
      throw SettingError(key: "SMTP_URL", found: parts.first ?? "", allowed: parts.dropFirst().first ?? "")
    }
  }

  private static func readableFile(_ path: String) throws -> URL? {
    guard !path.isEmpty else { return nil }
    guard FileManager.default.isReadableFile(atPath: path) else {
      throw SettingError(
        key: "SMTP_CA_FILE", found: "\(path), which can't be read", allowed: "a PEM file of certificates")
    }
    return URL(filePath: path)
  }

  private static func sender(_ text: String?, isRequired: Bool) throws -> Mailbox {
    if text == nil, isRequired {
      throw SettingError(
        key: "RECOUNT_MAIL_FROM", found: "nothing, though SMTP_URL is set",
        allowed: "an address of yours that the server may send from, such as Recount <recount@example.com>")
    }
    let text = text ?? "Recount <recount@localhost>"
    do { return try Mailbox(setting: text) } catch {
      throw SettingError(
        key: "RECOUNT_MAIL_FROM", found: "\(text) (\(error))", allowed: "an address, or Name <address>")
    }
  }

  private static func answer(_ key: String, _ text: String?) throws -> Bool {
    switch text?.lowercased() ?? "" {
    case "", "no": return false
    case "yes": return true
    case let other: throw SettingError(key: key, found: other, allowed: "yes or no")
    }
  }

  private static func base(_ text: String) throws -> String {
    let base = String(text.reversed().drop { $0 == "/" }.reversed())
    guard let parts = URLComponents(string: base), ["http", "https"].contains(parts.scheme ?? ""),
      parts.host?.isEmpty == false, parts.query == nil, parts.fragment == nil, parts.user == nil
    else {
      throw SettingError(
        key: "RECOUNT_PUBLIC_URL", found: text, allowed: "a URL such as https://recount.example.com, without a query")
    }
    return base
  }
}
