import Domain
import EventLog
import Foundation
import TestDatabase

/// Calls of senders, two of each source: in order, late, again, and some never.
struct RandomSenders {
  private var senders: [TelemetrySource: [UUID]] = [:]
  private var last: [UUID: Int64] = [:]

  mutating func call(of source: TelemetrySource, using random: inout Seeded) -> AppendUnit {
    let started = Instant.now - .days(Int64.random(in: 0...60, using: &random))
    // The one's id says when it was drawn, the other's does not.
    let pair = senders[source] ?? [.v7(at: started, using: &random), UUID()]
    senders[source] = pair
    let sender = pair.randomElement(using: &random) ?? pair[0]
    let highest = last[sender, default: 0]
    let sequence =
      switch Int.random(in: 0..<10, using: &random) {
      case 0..<5: highest + 1
      case 5..<7: highest + Int64.random(in: 1...9, using: &random)
      default: Int64.random(in: 1...highest + 1, using: &random)
      }
    last[sender] = max(highest, sequence)
    return .heard(
      sender, sequence, source, events: Int.random(in: 1...500, using: &random),
      dropped: Int64.random(in: 0...9, using: &random))
  }
}
