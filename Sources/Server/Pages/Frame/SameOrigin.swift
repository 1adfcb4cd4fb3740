import Foundation
import HTTPTypes
import Hummingbird

/// Whether a form was sent from a page of this server (OWASP, cross-site request forgery): browsers say so in a header that no page can set.
struct SameOrigin: Sendable {
  /// The origin that people reach the server by.
  let address: String

  /// Throws where it was sent from elsewhere, or nothing tells.
  func check(_ request: Request) throws(Problem) {
    if let site = request.headers[.secFetchSite] {
      guard site == "same-origin" else { throw Self.foreign }
      return
    }
    // Browsers of before 2023, and by plain http where the host is not this machine.
    guard let origin = request.headers[.origin] else { throw Self.foreign }
    let isOurs =
      origin == address
      || address.hasPrefix("http://") && URL(string: origin)?.isOrigin(of: request.head.authority) == true
    guard isOurs else { throw Self.foreign }
  }

  private static let foreign = Problem(
    .crossOrigin, "the form was not sent from a page of this server: open the page here, and send it again")
}

extension URL {
  /// Whether it is the origin of what was asked of this host, by plain http: where nobody's certificate says who it is, Host does.
  fileprivate func isOrigin(of authority: String?) -> Bool {
    guard scheme == "http", path.isEmpty, let host = host(), let authority else { return false }
    return authority == (port.map { "\(host):\($0)" } ?? host)
  }
}

extension HTTPField.Name {
  static var secFetchSite: HTTPField.Name {
    guard let name = HTTPField.Name("Sec-Fetch-Site") else { preconditionFailure("Sec-Fetch-Site is no field name") }
    return name
  }
}
