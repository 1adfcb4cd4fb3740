import Application
import Domain
import Logging
import NIOCore
import Synchronization

/// All connections there are, and who may open another.
///
/// Where there is no room, the connection that has been without a request for longest makes some: whoever merely holds connections
/// keeps nobody out. Where all have requests and the table is full, it is the one whose body has been incomplete for longest, those
/// without a key first: nor does whoever sends many bodies slowly. Else, or where room was made a moment ago, the new one is refused,
/// which costs an accept and a close.
final class ConnectionTable: Sendable {
  private struct State {
    var connections: [ObjectIdentifier: ClientConnection] = [:]
    var counts: [AddressKey: Int] = [:]
    var lastEviction = NIODeadline.uptimeNanoseconds(0)
  }

  private let limits: ServerLimits
  private let proxies: TrustedProxies
  private let budget: BodyBudget
  private let logger: Logger
  private let state = Mutex(State())

  /// The least time from one look for an idle connection to the next: a look reads the whole table, some 40 µs for 4,096.
  private static let evictionPause: TimeAmount = .milliseconds(5)

  init(_ limits: ServerLimits, proxies: TrustedProxies, budget: BodyBudget, logger: Logger) {
    self.limits = limits
    self.proxies = proxies
    self.budget = budget
    self.logger = logger
  }

  var count: Int { state.withLock { $0.connections.count } }

  /// The connection, counted until its channel closes; nil where it is refused.
  func admit(_ channel: any Channel, peer: [UInt8]?) -> ClientConnection? {
    let address = peer.flatMap { proxies.contains($0) ? nil : AddressKey($0) }
    let connection = ClientConnection(channel: channel, address: address, budget: budget)
    let (isAdmitted, evicted) = state.withLock { state in
      let evicted = makeRoom(for: address, in: &state)
      guard hasRoom(for: address, in: state) else { return (false, evicted) }
      state.connections[ObjectIdentifier(channel)] = connection
      for key in Self.keys(of: address) { state.counts[key, default: 0] += 1 }
      return (true, evicted)
    }
    evicted?.channel.close(promise: nil)
    guard isAdmitted else {
      logger.warning("a connection was refused: there are too many, of this address or in all")
      return nil
    }
    channel.closeFuture.whenComplete { [weak self] _ in self?.remove(connection) }
    return connection
  }

  func connection(of channel: any Channel) -> ClientConnection? {
    state.withLock { $0.connections[ObjectIdentifier(channel)] }
  }

  /// Closes the connection that makes room, for a process that is out of file descriptors.
  func evict() {
    state.withLock { evictOne(in: &$0) }?.channel.close(promise: nil)
  }

  private func hasRoom(for address: AddressKey?, in state: State) -> Bool {
    state.connections.count < limits.connections
      && firstFull(of: address, in: state) == nil
  }

  /// Which of a client's keys has its share already.
  private func firstFull(of address: AddressKey?, in state: State) -> AddressKey? {
    Self.keys(of: address).first { key in
      let share = key == address ? limits.fairConnectionsPerAddress : limits.fairConnectionsPerSite
      return state.counts[key, default: 0] >= share
    }
  }

  private static func keys(of address: AddressKey?) -> [AddressKey] { [address, address?.site].compactMap { $0 } }

  private func makeRoom(for address: AddressKey?, in state: inout State) -> ClientConnection? {
    guard !hasRoom(for: address, in: state) else { return nil }
    let now = NIODeadline.now()
    guard now - state.lastEviction >= Self.evictionPause else { return nil }
    state.lastEviction = now
    guard state.connections.count < limits.connections else { return evictOne(in: &state) }
    return evictIdlest(of: firstFull(of: address, in: state), in: &state)
  }

  private func evictOne(in state: inout State) -> ClientConnection? {
    evictIdlest(of: nil, in: &state) ?? evictSlowest(in: &state)
  }

  /// Of all, the one whose body has been incomplete for longest; one with a key only where no other has such a body.
  private func evictSlowest(in state: inout State) -> ClientConnection? {
    var found: (connection: ClientConnection, since: UInt64, hasKey: Bool)?
    for connection in state.connections.values {
      guard let (since, hasKey) = connection.incomplete else { continue }
      if let found, (hasKey ? 1 : 0, since) >= (found.hasKey ? 1 : 0, found.since) { continue }
      found = (connection, since, hasKey)
    }
    if let found { Self.take(found.connection, outOf: &state) }
    return found?.connection
  }

  /// Of one address, or of all.
  private func evictIdlest(of address: AddressKey?, in state: inout State) -> ClientConnection? {
    var found: (connection: ClientConnection, since: UInt64)?
    for connection in state.connections.values
    where address == nil || Self.keys(of: connection.address).contains(where: { $0 == address }) {
      guard let since = connection.idle, since < found?.since ?? .max else { continue }
      found = (connection, since)
    }
    if let found { Self.take(found.connection, outOf: &state) }
    return found?.connection
  }

  private func remove(_ connection: ClientConnection) {
    state.withLock { state in
      // Once: an evicted one is taken out before it has closed.
      guard state.connections[ObjectIdentifier(connection.channel)] === connection else { return }
      Self.take(connection, outOf: &state)
    }
  }

  private static func take(_ connection: ClientConnection, outOf state: inout State) {
    state.connections[ObjectIdentifier(connection.channel)] = nil
    for key in keys(of: connection.address) {
      guard let count = state.counts[key] else { continue }
      state.counts[key] = count > 1 ? count - 1 : nil
    }
  }
}
