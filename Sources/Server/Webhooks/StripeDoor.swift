import Application
import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization

/// `POST /webhooks/stripe`: what Stripe delivers. HTTP alone: what is taken, and what not, ``ReceiveStripeEvent`` decides.
///
/// 200 means that the event is in the log, or never will be. No session and no key: a delivery shows by its signature whose it is.
struct StripeDoor: Sendable {
  let receive: ReceiveStripeEvent
  private let turns = DoorTurns(limit: 64)

  init(_ receive: ReceiveStripeEvent) { self.receive = receive }

  /// Stripe's largest events are a few hundred kilobytes.
  private static let limit = 524_288

  func add(to router: Router<RecountContext>) {
    router.post("/webhooks/stripe") { request, _ in try await answer(request) }
  }

  private func answer(_ request: Request) async throws -> Response {
    let body = try await request.bodyBytes(upTo: Self.limit)
    // After it: whoever sends slowly holds nothing but what the edge bounds.
    guard turns.take() else { throw Problem.tooManyBodies }
    defer { turns.give() }
    do {
      let outcome = try await receive(Array(body.readableBytesView), signature: request.headers[Self.signature])
      return Response(
        status: .ok, headers: [.contentType: "application/json"],
        body: .init(byteBuffer: ByteBuffer(string: "{\"outcome\":\"\(outcome.rawValue)\"}")))
    } catch let refused as StripeEventRefused {
      throw Problem(.deliveryRefused, refused.reason)
    } catch is StripeFailure {
      throw Problem(
        .overloaded, "whose event it is can't be asked of Stripe now: deliver it again", headers: [.retryAfter: "60"])
    }
  }

  private static var signature: HTTPField.Name {
    guard let name = HTTPField.Name("Stripe-Signature") else {
      preconditionFailure("Stripe-Signature is no field name")
    }
    return name
  }
}

/// How many deliveries are taken in at a time: more would only wait for one another, and hold memory.
private final class DoorTurns: Sendable {
  private let limit: Int
  private let taken = Mutex(0)

  init(limit: Int) { self.limit = limit }

  func take() -> Bool {
    taken.withLock { taken in
      guard taken < limit else { return false }
      taken += 1
      return true
    }
  }

  func give() { taken.withLock { $0 -= 1 } }
}
