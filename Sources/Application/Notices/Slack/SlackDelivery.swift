import AsyncHTTPClient
import Domain
import NIOCore
import NIOHTTP1

/// Hands a message over to Slack.
///
/// The addresses of Slack's host are looked up here, every one of them is checked, and the connection goes to one that was: a name that stands
/// for another address a moment later changes nothing. TLS still asks for a certificate of the host's name. Redirects are not followed.
package struct SlackDelivery: Sendable {
  /// What is trusted beside Slack's own hosts.
  package let origins: SlackOrigins
  private let resolver: HostResolver
  private let patience: Duration

  /// For these origins beside Slack's.
  package init(trusting origins: SlackOrigins) { self.init(trusting: origins, resolver: .system) }

  /// - Parameter patience: how long an answer is waited for, connecting included.
  init(trusting origins: SlackOrigins, resolver: HostResolver, patience: Duration = .seconds(10)) {
    self.origins = origins
    self.resolver = resolver
    self.patience = patience
  }

  /// What came of it.
  func post(_ message: SlackMessage, to url: SlackURL) async -> SlackAnswer {
    do {
      let client = HTTPClient(configuration: Self.configuration(for: url, at: try await checkedAddress(of: url)))
      let answer = await post(message, to: url, over: client)
      try? await client.shutdown()
      return answer
    } catch {
      return .unanswered(reason: "\(error)")
    }
  }

  /// Which address is connected to; nil: whichever the name of a trusted origin stands for. Throws ``NoAddress``.
  func checkedAddress(of url: SlackURL) async throws -> NetworkAddress? {
    guard let host = url.checkedHost else { return nil }
    let addresses = try await resolver.addresses(host)
    guard let address = addresses.first else { throw NoAddress(host: host, reason: "it has none") }
    guard addresses.allSatisfy(\.isPublic) else {
      throw NoAddress(host: host, reason: "one of them is of no network that is public")
    }
    return address
  }

  /// One for each message: which address a name stands for is the client's whole configuration, and there are ten an hour at most.
  private static func configuration(for url: SlackURL, at address: NetworkAddress?) -> HTTPClient.Configuration {
    var configuration = HTTPClient.Configuration(
      redirectConfiguration: .disallow, timeout: .init(connect: .seconds(5), read: .seconds(10)))
    configuration.httpVersion = .http1Only
    configuration.connectionPool.retryConnectionEstablishment = false
    if let host = url.checkedHost, let address { configuration.dnsOverride[host] = address.text }
    return configuration
  }

  private func post(_ message: SlackMessage, to url: SlackURL, over client: HTTPClient) async -> SlackAnswer {
    var request = HTTPClientRequest(url: url.text)
    request.method = .POST
    request.headers.add(name: "Content-Type", value: "application/json; charset=utf-8")
    request.headers.add(name: "User-Agent", value: "Recount")
    do {
      request.body = .bytes(ByteBuffer(bytes: try message.json))
      // What it says beside the status is nothing to go by, and may be endless.
      let answer = try await client.execute(request, timeout: .milliseconds(patience.wholeMilliseconds))
      let pause = answer.headers.first(name: "Retry-After").flatMap { Int64($0) }
      return SlackAnswer(status: Int(answer.status.code), pause: pause)
    } catch let error as HTTPClientError {
      return .unanswered(reason: error.shortDescription)
    } catch {
      return .unanswered(reason: "\(type(of: error))")
    }
  }
}
