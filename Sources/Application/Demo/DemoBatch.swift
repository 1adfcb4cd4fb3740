import Crypto
import Domain
import EventLog
import Foundation

/// What one key of a demo tracks of one hour, as its sender would send it: a call of its own, under an id and with a number that follow from
/// the hour.
struct DemoBatch {
  let ids: DemoIDs
  let key: DemoKey
  let hour: Int
  let requests: [TrackedRequest]

  /// Those of an hour.
  static func all(of ids: DemoIDs, hour: Int, _ traffic: DemoTraffic) -> [DemoBatch] {
    let tracked = Dictionary(grouping: traffic.requests(ofHour: hour), by: \.key)
    return DemoKey.allCases.compactMap { key in
      tracked[key].map { DemoBatch(ids: ids, key: key, hour: hour, requests: $0.map(\.request)) }
    }
  }

  /// The requests, and that their sender came.
  var units: [AppendUnit] {
    let source = TelemetrySource(
      accountID: ids.account, projectID: ids.project, keyID: ids.key(key), mode: .live)
    let sender = TrackSender(id: ids.sender(key), sequence: Int64(hour + 1), dropped: 0)
    return [
      AppendUnit(telemetry(of: source)), AppendUnit(sender, of: source, events: requests.count),
    ]
  }

  private func telemetry(of source: TelemetrySource) -> TelemetryUnit {
    // No hour lies in two months.
    var unit = TelemetryUnit(source: source, month: requests.first?.month ?? "")
    for request in requests {
      if unit.count > 0 { unit.data.append(UInt8(ascii: ",")) }
      request.encode(into: &unit.data)
      unit.count += 1
    }
    let digest = SHA256.hash(data: unit.data).prefix(8).reduce(Int64(0)) { $0 << 8 | Int64($1) }
    unit.identity = .batch(ids.batch(key, hour: hour), digest: digest)
    return unit
  }
}
