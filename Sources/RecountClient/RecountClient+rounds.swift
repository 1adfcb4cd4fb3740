extension RecountClient {
  /// Turns what is buffered into a batch, whose id is settled here, once.
  func seal() {
    guard !buffer.events.isEmpty else { return }
    outbox.append(TrackBatch(buffer.events))
    buffer = TrackBuffer()
  }

  /// Bounds how long an event waits when too few arrive to fill a batch, and how soon an undelivered batch is tried again.
  func setAlarm() {
    guard alarm == nil, !isClosed else { return }
    let interval = configuration.flushInterval
    let sleep = delivery.timing.sleep
    // Weak: a forgotten client must not live for as long as its timer.
    alarm = Task { [weak self] in
      do { try await sleep(interval) } catch { return }
      await self?.alarmRang()
    }
  }

  private func alarmRang() {
    alarm = nil
    seal()
    startRound()
  }

  /// Delivers the outbox in order, one round at a time.
  @discardableResult
  func startRound() -> Task<TrackReceipt, any Error>? {
    guard round == nil, !outbox.isEmpty else { return round }
    let started = Task { try await deliverOutbox() }
    round = started
    return started
  }

  private func deliverOutbox() async throws -> TrackReceipt {
    defer { endRound() }
    var total = TrackReceipt()
    var rejection: RecountError?
    while let batch = outbox.first {
      do throws(RecountError) {
        let receipt = try await delivery.send(batch)
        outbox.removeFirst()
        configuration.onDelivery?(.answered(batch, receipt))
        total += receipt
      } catch {
        if error.isFinal { outbox.removeFirst() }
        configuration.onDelivery?(error.isFinal ? .rejected(batch, error) : .postponed(batch, error))
        // What the server will never take must not cost the batches behind it.
        guard error.isFinal else { throw error }
        rejection = rejection ?? error
      }
    }
    if let rejection { throw rejection }
    return total
  }

  private func endRound() {
    round = nil
    if waiting > 0 { setAlarm() }
  }
}
