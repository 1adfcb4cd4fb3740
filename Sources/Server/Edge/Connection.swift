import NIOCore
import Synchronization

/// A client's connection, as far as others than its own handlers need to know: whether it may be closed for the sake of another, and what
/// its bodies hold.
final class ClientConnection: Sendable {
  /// That of the request which is being answered; nil where there is no socket.
  @TaskLocal static var current: ClientConnection?

  let channel: any Channel
  let address: AddressKey?
  let bodies: BodyAccount
  /// When it began to have no request, in nanoseconds of `NIODeadline`; 0 while it has one.
  private let idleSince: Atomic<UInt64>
  /// Whether the client waits for `100 Continue` before it sends the body.
  private let waits = Atomic(false)
  /// When the body began that has not come whole, in nanoseconds of `NIODeadline`; 0 where there is none.
  private let bodySince = Atomic<UInt64>(0)
  /// Whether the request of that body has a key in its header.
  private let hasKey = Atomic(false)

  init(channel: any Channel, address: AddressKey?, budget: BodyBudget) {
    self.channel = channel
    self.address = address
    bodies = BodyAccount(budget)
    idleSince = Atomic(NIODeadline.now().uptimeNanoseconds)
  }

  var idle: UInt64? {
    let since = idleSince.load(ordering: .relaxed)
    return since == 0 ? nil : since
  }

  /// Since when a body has been incomplete, and whether its request has a key.
  var incomplete: (since: UInt64, hasKey: Bool)? {
    let since = bodySince.load(ordering: .relaxed)
    return since == 0 ? nil : (since, hasKey.load(ordering: .relaxed))
  }

  func becomeBusy(clientWaits: Bool, hasKey: Bool, at now: NIODeadline) {
    idleSince.store(0, ordering: .relaxed)
    waits.store(clientWaits, ordering: .relaxed)
    self.hasKey.store(hasKey, ordering: .relaxed)
    bodySince.store(max(1, now.uptimeNanoseconds), ordering: .relaxed)
  }

  func bodyIsWhole() { bodySince.store(0, ordering: .relaxed) }

  func becomeIdle(_ now: NIODeadline) { idleSince.store(max(1, now.uptimeNanoseconds), ordering: .relaxed) }

  /// The body is wanted now: tells a client that asked first (RFC 9110, section 10.1.1).
  func wantBody() {
    guard waits.exchange(false, ordering: .relaxed) else { return }
    channel.triggerUserOutboundEvent(BodyWanted(), promise: nil)
  }

  /// Written by the connection's own handler, on its event loop.
  struct BodyWanted: Sendable {}
}
