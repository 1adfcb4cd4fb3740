import Domain
import Foundation

/// Where a page is: what links are made of, so that none is put together from texts.
struct Place: Sendable, Equatable {
  /// Beginning with a slash, with its query.
  let path: String

  private init(_ path: String) { self.path = path }

  private init(_ path: String, _ query: [(String, String?)]) {
    let pairs = query.compactMap { name, value in value.map { "\(name)=\(Self.encoded($0))" } }
    self.path = pairs.isEmpty ? path : path + "?" + pairs.joined(separator: "&")
  }

  static let landing = Place("/")
  /// Where everybody sees the demo, on an installation that has one.
  static let demo = Place("/demo")
  static let home = Place("/home")
  static let projects = Place("/projects")
  static let billing = Place("/billing")
  static let billingTier = Place("/billing/tier")
  static let billingReturn = Place("/billing/return")
  static let billingCancel = Place("/billing/cancel")
  static let docs = Place("/docs")
  static let settings = Place("/settings")
  static let settingsOfAccount = Place("/settings/account")
  static let slack = Place("/settings/slack")
  static let securityLog = Place("/settings/security-log")
  static let forgotPassword = Place("/forgot-password")

  static func signUp(tier: String? = nil) -> Place { Place("/sign-up", [("tier", tier)]) }
  static func logIn(next: String? = nil) -> Place { Place("/log-in", [("next", next)]) }
  static func checkMail(for purpose: String) -> Place { Place("/check-mail", [("for", purpose)]) }
  static func billing(account: UUID) -> Place { billing.with([("account", account.text)]) }
  /// Where Stripe leads back to.
  static func billingReturn(account: UUID, tier: Tier) -> Place {
    billingReturn.with([("account", account.text), ("tier", tier.rawValue)])
  }
  static func home(account: UUID) -> Place { Place("/home", [("account", account.text)]) }
  static func projects(account: UUID) -> Place { Place("/projects", [("account", account.text)]) }
  static func settings(account: UUID) -> Place { settingsOfAccount.with([("account", account.text)]) }
  static func project(_ id: UUID) -> Place { Place("/projects/\(id.text)") }
  static func keys(of project: UUID) -> Place { Place("/projects/\(project.text)/keys") }
  static func voids(of project: UUID) -> Place { Place("/projects/\(project.text)/voids") }
  static func key(_ key: UUID, of project: UUID) -> Place { Place("/projects/\(project.text)/keys/\(key.text)") }

  static func links(of project: UUID) -> Place { Place("/projects/\(project.text)/links") }
  /// What a shared link leads to: a secret.
  static func shared(_ token: LinkToken) -> Place { Place("/shared/\(token.secret)") }

  /// Where the API answers about a project.
  static func api(of project: UUID, _ part: String) -> Place { Place("/api/v1/projects/\(project.text)/\(part)") }

  /// Under a page's path, with a query in this order; parts without a value are left out.
  func with(_ query: [(String, String?)]) -> Place { Place(path, query) }

  /// A part of a page.
  func appending(_ part: String) -> Place { Place(path + "/" + Self.encoded(part)) }

  /// A path of this server that somebody was on the way to: nil for anything that could lead elsewhere, or is no page.
  init?(next text: String?, among routes: RouteTable) {
    guard let text, text.utf8.first == UInt8(ascii: "/"), !text.hasPrefix("//"), !text.hasPrefix("/api/"),
      text.utf8.allSatisfy({ (0x21..<0x7F).contains($0) && $0 != UInt8(ascii: "\\") })
    else { return nil }
    let path = text.prefix { $0 != "?" && $0 != "#" }
    guard routes.allowed(at: String(path))?.contains("GET") == true else { return nil }
    self.path = text
  }

  /// As a query holds it (RFC 3986, section 2.3).
  static func encoded(_ text: String) -> String {
    let plain = CharacterSet(charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
    return text.addingPercentEncoding(withAllowedCharacters: plain) ?? ""
  }
}
