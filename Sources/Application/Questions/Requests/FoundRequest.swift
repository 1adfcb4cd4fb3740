package import Domain
import EventLog
package import Foundation

/// A request, as the log has it.
package struct FoundRequest: Sendable, Equatable {
  /// Where it stands in its shard's log.
  package let position: Int64
  /// Its own timestamp.
  package let time: Instant
  /// When the log recorded it.
  package let recordedAt: Instant
  /// The path as tracked, with its query string.
  package let endpoint: String
  /// The path's template.
  package let template: String
  /// The HTTP method.
  package let method: String
  /// The HTTP status.
  package let statusCode: Int
  /// In milliseconds, a decimal as it was tracked; nil where it was not recorded.
  package let responseTime: String?
  /// In bytes; nil where it was not recorded.
  package let requestBytes: Int64?
  /// In bytes; nil where it was not recorded.
  package let responseBytes: Int64?
  /// Who called; nil where that was not recorded.
  package let consumer: String?
  /// What served it; nil where that was not recorded.
  package let release: String?
  /// What went wrong; nil where nothing was recorded.
  package let error: String?
  /// Its own id, or that of the call that brought it.
  package let id: UUID?
  /// Its number in that call, from 0.
  package let ordinal: Int
  /// The key that sent it.
  package let keyID: UUID

  /// After which the next page begins.
  package var place: RequestPlace { RequestPlace(time: time, position: position) }
}

extension FoundRequest {
  init(_ request: borrowing StoredRequest, at position: Int64, of unit: TrackedUnit, _ ids: TrackedUnit.Identities) {
    self.position = position
    time = Instant(milliseconds: request.timestamp)
    recordedAt = unit.recordedAt
    endpoint = request.string(.endpoint) ?? ""
    template = request.string(.template) ?? ""
    method = request.string(.method) ?? ""
    statusCode = request.status
    responseTime = request.milliseconds
    requestBytes = request.requestBytes
    responseBytes = request.responseBytes
    consumer = request.string(.consumer)
    release = request.string(.release)
    error = request.string(.error)
    id = ids.id(at: position)
    ordinal = ids.ordinal(at: position)
    keyID = unit.key
  }
}

/// A place in the list of a project's requests, latest first, and of those of a millisecond the one with the highest position first.
package struct RequestPlace: Sendable, Equatable, Comparable {
  /// The request's own timestamp.
  package let time: Instant
  /// Its position; 0, which none has, after all requests of the time.
  package let position: Int64

  /// A place.
  package init(time: Instant, position: Int64) {
    self.time = time
    self.position = position
  }

  /// Whether the first comes after the second in the list.
  package static func < (one: RequestPlace, other: RequestPlace) -> Bool {
    (one.time, one.position) < (other.time, other.position)
  }
}
