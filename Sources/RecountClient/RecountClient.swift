import AsyncHTTPClient

/// Recount's SDK: tells a Recount server of the API requests that you served, each counted exactly once.
///
/// The way of an event:
/// 1. ``track(_:)`` puts it into a bounded buffer and returns at once;
/// 2. the buffer is sealed into a ``TrackBatch`` when it holds ``Configuration/batchSize`` events, or when its oldest
///    has waited ``Configuration/flushInterval``; the batch gets an id that it keeps for good;
/// 3. ``send(_:)`` posts the batch, and posts the same bytes again for as long as the ``RetryPolicy`` allows while the
///    server can't be reached or is overloaded: the server knows the id and counts nothing twice;
/// 4. the answer becomes a ``TrackReceipt``, handed to ``Configuration/onDelivery``.
///
/// Nothing is dropped silently: a full buffer makes ``track(_:)`` throw, a batch that could not be delivered stays
/// first in line, and one that the server will never take is handed back through ``Configuration/onDelivery``.
///
/// Call ``shutdown()`` when you are done: it sends what is left.
public actor RecountClient {
  let configuration: Configuration
  let http: HTTPClient
  let delivery: Delivery
  /// Tracked, not yet in a batch.
  var buffer = TrackBuffer()
  /// Sealed, not yet answered, oldest first.
  var outbox: [TrackBatch] = []
  var alarm: Task<Void, Never>?
  var round: Task<TrackReceipt, any Error>?
  private(set) var isClosed = false

  /// A client of the server and key that `configuration` names. It connects when there is something to send.
  /// - Throws: ``RecountError/invalidConfiguration(_:)`` for a URL that is not http(s), a key that can't be a header, or sizes out of range.
  public init(_ configuration: Configuration) throws(RecountError) {
    try self.init(configuration, timing: .real)
  }

  package init(_ configuration: Configuration, timing: Timing) throws(RecountError) {
    try configuration.check()
    self.configuration = configuration
    http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: .init(configuration))
    delivery = Delivery(configuration: configuration, http: http, timing: timing)
  }

  // The HTTP client insists on being shut down, also when the owner of this one forgot to.
  deinit { http.shutdown { _ in } }

  /// Takes an event into the buffer. It is sent later: see ``flush()`` and ``Configuration/onDelivery``.
  /// - Throws: ``RecountError/bufferFull(limit:)`` while ``Configuration/bufferLimit`` events wait, ``RecountError/closed``
  ///   after ``shutdown()``. The event has then not been taken.
  public func track(_ event: TrackEvent) throws(RecountError) {
    guard !isClosed else { throw .closed }
    guard waiting < configuration.bufferLimit else { throw .bufferFull(limit: configuration.bufferLimit) }
    if !buffer.hasRoom(for: event, limit: configuration.batchSize) { seal() }
    buffer.append(event)
    if buffer.events.count >= configuration.batchSize { seal() }
    if outbox.isEmpty { setAlarm() } else { startRound() }
  }

  /// Posts one batch, with retries, and returns the server's answer. Safe to call again with the same batch, from
  /// this or any other process: what was counted before is answered as a duplicate.
  /// - Throws: ``RecountError``; ``RecountError/undeliverable(attempts:last:)`` when the retries are used up.
  public nonisolated func send(_ batch: TrackBatch) async throws(RecountError) -> TrackReceipt {
    try await delivery.send(batch)
  }

  /// Sends all that waits and returns what became of it, summed up.
  /// - Throws: ``RecountError`` of the first batch that could not be delivered.
  @discardableResult
  public func flush() async throws -> TrackReceipt {
    var total = TrackReceipt()
    seal()
    // What is tracked meanwhile is not waited for: under steady traffic there would be no end.
    let last = outbox.last?.id
    while outbox.contains(where: { $0.id == last }), let round = startRound() {
      total += try await round.value
    }
    return total
  }

  /// Sends all that waits, then closes the connections. Later ``track(_:)`` calls throw.
  /// - Throws: ``RecountError`` when something could not be delivered: it is lost when the process ends.
  @discardableResult
  public func shutdown() async throws -> TrackReceipt {
    isClosed = true
    let outcome: Result<TrackReceipt, any Error>
    do { outcome = .success(try await flush()) } catch { outcome = .failure(error) }
    alarm?.cancel()
    try? await http.shutdown()
    return try outcome.get()
  }

  /// Events that were taken and are not yet answered.
  public var waiting: Int { outbox.reduce(buffer.events.count) { $0 + $1.events.count } }
}
