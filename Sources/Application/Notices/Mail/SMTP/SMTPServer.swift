package import Foundation

/// The server that mails are handed to, as `SMTP_URL` names it: `smtp[s]://[user:password@]host[:port][?tls=required|none]`.
///
/// - `smtp://` turns to TLS by STARTTLS and refuses a server that doesn't offer it: a password and everybody's tokens must not
///   travel in the clear because somebody in between took the offer out. Only with `tls=none`, or to this machine itself
///   (localhost, 127.0.0.0/8, ::1) unless `tls=required`, it speaks plainly. Port 587 unless given.
/// - `smtps://` speaks TLS from the start. Port 465 unless given.
///
/// Certificates are verified always. User and password are percent-encoded, as in any URL.
package struct SMTPServer: Sendable, Equatable {
  /// How the connection is protected.
  package enum Security: String, Sendable {
    /// Not at all.
    case none
    /// STARTTLS, required.
    case startTLS
    /// From the first byte.
    case implicit
  }

  /// Its name, which its certificate must bear.
  package var host: String
  /// Where it listens.
  package var port: Int
  /// How the connection is protected.
  package var security: Security
  /// Who to log in as; nil when it takes mail without.
  package var user: String?
  /// Their password.
  package var password: String?
  /// Certificates to trust instead of the system's, as a PEM file.
  package var certificates: URL?

  /// From a URL. Throws ``SMTPServerError``.
  package init(url text: String, certificates: URL? = nil) throws(SMTPServerError) {
    guard let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased() else { throw .notAURL }
    guard ["smtp", "smtps"].contains(scheme) else { throw .scheme(scheme) }
    guard let host = parts.encodedHost?.trimmingCharacters(in: CharacterSet(charactersIn: "[]")), !host.isEmpty else {
      throw .noHost
    }
    guard ["", "/"].contains(parts.path), parts.fragment == nil else { throw .path }
    let tls = try Self.tls(parts.queryItems ?? [])
    if let port = parts.port { guard (1...65_535).contains(port) else { throw .port(port) } }
    guard (parts.user == nil) == (parts.password == nil) else { throw .halfALogin }
    self.host = host
    switch (scheme, tls) {
    case ("smtps", .none?): throw .tlsTurnedOff
    case ("smtps", _): security = .implicit
    case (_, .required?): security = .startTLS
    case (_, .none?): security = .none
    case (_, nil): security = Self.isThisMachine(host) ? .none : .startTLS
    }
    port = parts.port ?? (security == .implicit ? 465 : 587)
    user = parts.user
    password = parts.password
    self.certificates = certificates
  }

  private enum TLS: String { case required, none }

  private static func tls(_ items: [URLQueryItem]) throws(SMTPServerError) -> TLS? {
    var found: TLS?
    for item in items {
      guard item.name == "tls" else { throw .unknownOption(item.name) }
      guard let value = TLS(rawValue: item.value ?? "") else { throw .tls(item.value ?? "") }
      found = value
    }
    return found
  }

  private static func isThisMachine(_ host: String) -> Bool {
    host == "localhost" || host == "::1" || host.hasPrefix("127.") && host.allSatisfy { $0.isNumber || $0 == "." }
  }
}

/// What is wrong with an SMTP URL. Never quotes it: it may hold a password.
package enum SMTPServerError: Error, Equatable, CustomStringConvertible {
  case notAURL, noHost, path, halfALogin, tlsTurnedOff
  case scheme(String), unknownOption(String), tls(String)
  case port(Int)

  /// Says what is allowed.
  package var description: String {
    let form = "smtp[s]://[user:password@]host[:port][?tls=required|none]"
    return switch self {
    case .notAURL: "something that is no URL; allowed: \(form), with special characters percent-encoded"
    case .noHost: "a URL without a host; allowed: \(form)"
    case .path: "a URL with a path; allowed: \(form)"
    case .halfALogin: "a user without a password, or the other way round; allowed: both or neither"
    case .tlsTurnedOff: "smtps:// with tls=none; allowed: smtp:// with tls=none, if it is to go in the clear"
    case .scheme(let scheme): "scheme \(scheme); allowed: smtp and smtps"
    case .unknownOption(let name): "option \(name); allowed: tls"
    case .tls(let value): "tls=\(value); allowed: tls=required and tls=none"
    case .port(let port): "port \(port); allowed: 1 to 65535"
    }
  }
}
