package import struct Foundation.UUID

/// How it ended: `won`, `lost`, `warning_closed` or `prevented`.
package struct DisputeClosed: EventData {
  package static let kind = EventKind("dispute_closed")
  package var accountID: UUID
  package var dispute: String
  package var status: String
}
