import Domain
import EventLog
import Hummingbird
import NIOCore

/// POST /api/v1/track, in steps:
/// 1. take the body in, bounded, and decompress it;
/// 2. read it (`TrackBody`): events that are each valid or say why not;
/// 3. find out whose key it is;
/// 4. sort the events into units (``Intake``);
/// 5. append them, gathered with those of other calls, and wait until they are durable; where there is nothing to append, tally it;
/// 6. answer for each event (``TrackAnswer``).
struct TrackRoute: Sendable {
  let keys: KeyDirectory
  let shards: ShardMap
  /// One per shard, at its number.
  let gatherers: [Gatherer]
  let tallies: IntakeTallies
  let clock: any WallClock

  func respond(to request: Request, context: RecountContext) async throws -> Response {
    let bytes = try await RequestPayload(request).bytes()
    let now = clock.milliseconds
    let body = try bytes.withUnsafeBytes { (bytes) throws(TrackBodyError) in try TrackBody.decode(bytes, now: now) }
    let grant = try await keys.grant(for: try request.bearerKey ?? body.apiKey, scope: .track, now: now)
    let intake = Intake(body, source: grant.source, now: now)
    let outcomes = try await append(intake.units.map(AppendUnit.init), of: grant.source)
    return TrackAnswer(intake, outcomes: outcomes, isSingle: body.isSingle)
      .response(requestID: context.requestID, now: now)
  }

  private func append(_ units: [AppendUnit], of source: TelemetrySource) async throws -> [Outcome] {
    if let outcomes = tallies.settle(units) { return outcomes }
    return try await gatherers[shards.shard(of: source.accountID)].submit(units)
  }
}
