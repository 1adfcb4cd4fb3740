import Domain
import EventLog
import Hummingbird
import NIOCore

/// POST /api/v1/track, in steps:
/// 1. find out whose key it is, where it stands in the header: nobody else's body is taken in beyond a modest one;
/// 2. take the body in, bounded, and decompress it;
/// 3. read it (`TrackBody`): events that are each valid or say why not, and the key where it stands there;
/// 4. sort the events into units (``Intake``);
/// 5. append them, gathered with those of other calls, and wait until they are durable;
/// 6. answer for each event (``TrackAnswer``).
struct TrackRoute: Sendable {
  let keys: KeyDirectory
  let shards: ShardMap
  /// One per shard, at its number.
  let gatherers: [Gatherer]
  let clock: any WallClock

  func respond(to request: Request, context: RecountContext) async throws -> Response {
    let known = try await grantOfHeader(request)
    let bytes = try await RequestPayload(request).bytes()
    let now = clock.milliseconds
    let body = try bytes.withUnsafeBytes { (bytes) throws(TrackBodyError) in try TrackBody.decode(bytes, now: now) }
    let grant: KeyGrant
    // Once more where the body was long on its way: the key may have been revoked meanwhile.
    if let known, now - known.at < Self.freshness {
      grant = known.grant
    } else {
      grant = try await keys.grant(for: try request.bearerKey ?? body.apiKey, scope: .track, now: now)
    }
    let intake = Intake(body, source: grant.source, now: now)
    let outcomes = try await gatherers[shards.shard(of: grant.source.accountID)]
      .submit(intake.units.map(AppendUnit.init))
    return TrackAnswer(intake, outcomes: outcomes, isSingle: body.isSingle)
      .response(requestID: context.requestID, now: now)
  }

  /// How long a look at a key holds, in milliseconds.
  private static let freshness: Int64 = 500

  /// What the header's key opens, and when that was looked up; nil where the header has none.
  private func grantOfHeader(_ request: Request) async throws -> (grant: KeyGrant, at: Int64)? {
    guard let key = try request.bearerKey else { return nil }
    let now = clock.milliseconds
    return (try await keys.grant(for: key, scope: .track, now: now), now)
  }
}
