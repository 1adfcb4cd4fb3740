package import Foundation

/// What one caller appends: events that share type, stream and metadata, and what the append decides them by.
package struct AppendUnit: Sendable {
  /// What `log.decide()` reads, as members of a JSON object in UTF-8.
  let control: [UInt8]
  let body: Body
  /// How many events it holds.
  package let count: Int
  /// The scope and id that it is deduplicated by, if it brought one.
  package let identity: Identity?
  /// What a tally would say of it, of telemetry.
  let intake: IntakeFigures?
  /// The tenant it is of, if any: whose turn it takes.
  let account: UUID?

  /// How its events get into the log.
  enum Body: Sendable {
    /// As a unit of their own: a JSON object without `position`, in UTF-8.
    case whole([UInt8])
    /// One tracked request, which shares a unit with others of the same key and month.
    case single(SingleEvent)
  }

  /// An id within its scope.
  package struct Identity: Hashable, Sendable {
    /// The project, for telemetry.
    package let scope: UUID
    /// The event's or the batch's own id.
    package let id: UUID
  }

  /// Its share of an append: the events it holds, and those that only ask whether they are known. Never nothing, for each unit is looked
  /// at under the head's lock.
  var events: Int { max(1, count + (intake?.outside ?? 0)) }

  /// Its share of memory while it waits, in bytes.
  var cost: Int {
    switch body {
    case .whole(let text): text.count + control.count
    case .single(let event): event.data.count + control.count
    }
  }
}

/// One tracked request on its way into a unit.
struct SingleEvent: Sendable {
  let source: TelemetrySource
  let month: String
  let id: UUID?
  /// Its canonical JSON, in UTF-8.
  let data: [UInt8]
}
