import Foundation
import HTTPTypes
import Testing

extension Analysed {
  /// Shares a link by the form of its page, and brings the read models along.
  ///
  /// - Parameter query: what of the project is shared, as the project's page has it in its address.
  /// - Returns: the link's path.
  func shareLink(_ query: String = "", name: String = "board", days: String = "30") async throws -> String {
    let page = try await browser.get("\(path)/links\(query)").text
    let hidden = page.matches(of: /<input type="hidden" name="([^"]*)" value="([^"]*)">/)
    var fields = Dictionary(
      hidden.map { (String($0.output.1), String($0.output.2).unescaped) }, uniquingKeysWith: { first, _ in first })
    (fields["name"], fields["expires_days"]) = (name, days)
    let made = try await browser.post("\(path)/links", fields)
    #expect(made.status == 303, "\(made.text.prefix(2_000))")
    try await service.catchUp()
    let shown = try await browser.get(try #require(made.headers[.location]))
    #expect(shown.header("Cache-Control") == "no-store")
    return String(try #require(shown.text.firstMatch(of: /\/shared\/sl_[A-Za-z0-9]+/)?.output))
  }
}
