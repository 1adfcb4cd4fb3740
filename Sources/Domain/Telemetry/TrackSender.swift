package import Foundation

/// Which running SDK made a track call, and which of its calls it is: so that the log knows what it never received.
package struct TrackSender: Hashable, Sendable {
  /// Drawn when the SDK starts.
  package let id: UUID
  /// Counts the sender's calls, from 1. A call that is sent again keeps its number.
  package let sequence: Int64
  /// Events that the sender had to let go before this call, in all since it started: cumulative, so that a call that is lost takes
  /// nothing of it along.
  package let dropped: Int64

  /// A sender's call.
  package init(id: UUID, sequence: Int64, dropped: Int64) {
    self.id = id
    self.sequence = sequence
    self.dropped = dropped
  }

  /// The largest integer that JavaScript counts exactly to.
  package static let largest: Int64 = 1 << 53 - 1

  /// What may be said of a sender, as the API's description has it.
  enum Member: String, CaseIterable {
    case id, sequence, dropped

    var allowed: String {
      switch self {
      case .id: UUIDText.allowed
      case .sequence: "an integer from 1 to \(TrackSender.largest)"
      case .dropped: "an integer from 0 to \(TrackSender.largest)"
      }
    }
  }
}
