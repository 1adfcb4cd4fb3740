import Domain
package import EventLog
package import Foundation

extension AppendUnit {
  /// That a call of a sender came in.
  package static func heard(
    _ sender: UUID, _ sequence: Int64, _ source: TelemetrySource, events: Int = 1, dropped: Int64 = 0
  ) -> AppendUnit {
    AppendUnit(TrackSender(id: sender, sequence: sequence, dropped: dropped), of: source, events: events)
  }
}
