import ArgumentParser
import Domain
import Projector

/// What `--as-of` takes: a time, or a position of a shard.
enum PointInLog: ExpressibleByArgument {
  case time(Instant)
  case position(shard: Int, position: Int64)

  init?(argument: String) {
    if let match = argument.wholeMatch(of: /(\d+):(\d+)/) {
      guard let shard = Int(match.1), let position = Int64(match.2) else { return nil }
      self = .position(shard: shard, position: position)
    } else if let time = AuditTime(argument: argument) {
      self = .time(time.instant)
    } else {
      return nil
    }
  }

  /// One time, or one position for each shard named.
  static func moment(_ points: [PointInLog]) throws -> AskedMoment {
    if points.count == 1, case .time(let instant) = points[0] { return .time(instant) }
    var positions: [Int: Int64] = [:]
    for point in points {
      guard case .position(let shard, let position) = point else {
        throw ValidationError("--as-of: allowed are one time, or one SHARD:POSITION for each shard")
      }
      guard positions.updateValue(position, forKey: shard) == nil else {
        throw ValidationError("--as-of: shard \(shard) is named twice")
      }
    }
    return .positions(positions)
  }
}
