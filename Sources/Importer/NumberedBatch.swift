import Foundation
import RecountClient

/// A batch, its place in the import, and the lines that its events come from.
struct NumberedBatch: Sendable {
  let place: ImportMemory.Place
  let batch: TrackBatch
  let lines: [Int]
}

/// Cuts the events of one pass into batches, always at the same places.
struct Batcher {
  private var events: EventReader
  private let pass: Int
  private let memory: ImportMemory
  private let idsFromContent: Bool
  private var number = 0
  private var pending: (line: Int, event: TrackEvent)?

  init(_ events: EventReader, pass: Int, memory: ImportMemory, idsFromContent: Bool) {
    self.events = events
    self.pass = pass
    self.memory = memory
    self.idsFromContent = idsFromContent
  }

  var lineCount: Int { events.lineCount }
  var unreadableCount: Int { events.unreadableCount }
  var bytesRead: Int64 { events.bytesRead }

  /// The next batch, `nil` at the end.
  mutating func next() async throws -> NumberedBatch? {
    var buffer = TrackBuffer()
    var lines: [Int] = []
    while let next = try await nextEvent() {
      guard buffer.hasRoom(for: next.event, limit: memory.batchSize) else {
        pending = next
        break
      }
      buffer.append(next.event)
      lines.append(next.line)
    }
    guard !lines.isEmpty else { return nil }
    defer { number += 1 }
    let place = ImportMemory.Place(pass: pass, batch: number)
    let ids = BatchID(importID: memory.importID)
    let id = idsFromContent ? ids.id(at: place, of: buffer.events) : ids.id(at: place)
    return NumberedBatch(place: place, batch: TrackBatch(buffer.events, id: id), lines: lines)
  }

  private mutating func nextEvent() async throws -> (line: Int, event: TrackEvent)? {
    if let pending {
      self.pending = nil
      return pending
    }
    guard var next = try await events.next() else { return nil }
    if memory.sendsAll != true { next.event = next.event.asOlderReleasesSentIt }
    next.event.timestamp.milliseconds += memory.rebaseMilliseconds
    return next
  }
}
