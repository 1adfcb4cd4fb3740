import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// Posts a batch until it is answered or the policy's patience ends. ``Verdict`` and ``RetryPolicy`` decide, this acts.
struct Delivery: Sendable {
  let configuration: RecountClient.Configuration
  let http: HTTPClient
  let timing: Timing

  func send(_ batch: TrackBatch) async throws(RecountError) -> TrackReceipt {
    guard !batch.events.isEmpty else { return TrackReceipt() }
    let body = ByteBuffer(bytes: batch.body)
    let start = timing.now()
    for attempt in 1... {
      let reason: String
      let retryAfter: Duration?
      switch await post(body) {
      case .receipt(let receipt): return receipt
      case .failed(let error): throw error
      case .tryAgain(let why, let after): (reason, retryAfter) = (why, after)
      }
      let delay = configuration.retry.delay(
        after: attempt, spent: timing.now() - start, retryAfter: retryAfter, random: timing.random())
      guard let delay else { throw .undeliverable(attempts: attempt, last: reason) }
      configuration.onRetry?(RetryNotice(attempt: attempt, delay: delay, reason: reason))
      do { try await timing.sleep(delay) } catch { throw .cancelled }
    }
    throw .cancelled
  }

  private func post(_ body: ByteBuffer) async -> Verdict {
    var request = HTTPClientRequest(url: configuration.trackURL)
    request.method = .POST
    request.headers.add(name: "Authorization", value: "Bearer \(configuration.key)")
    request.headers.add(name: "Content-Type", value: "application/json")
    request.body = .bytes(body)
    do {
      let answer = try await http.execute(request, timeout: .nanoseconds(configuration.attemptTimeout.nanoseconds))
      let bytes = try await answer.body.collect(upTo: Self.answerLimit)
      return Verdict(
        status: Int(answer.status.code), retryAfter: answer.headers.first(name: "Retry-After"),
        body: Data(bytes.readableBytesView))
    } catch is CancellationError {
      return .failed(.cancelled)
    } catch let error as HTTPClientError where error == .cancelled {
      return .failed(.cancelled)
    } catch {
      return .tryAgain(reason: "no answer from \(configuration.url.absoluteString): \(Self.words(error))", after: nil)
    }
  }

  /// Short, for people: the errors' own descriptions span lines.
  private static func words(_ error: any Error) -> String {
    switch error {
    case let error as HTTPClientError: error.shortDescription
    case let error as NIOConnectionError:
      error.connectionErrors.first.map { "\($0.error)" } ?? "no address for \(error.host)"
    default: "\(error)"
    }
  }

  /// Enough for a reason of a kilobyte for each of 5,000 events.
  private static let answerLimit = 8_000_000
}

extension Duration {
  fileprivate var nanoseconds: Int64 { components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000 }
}
