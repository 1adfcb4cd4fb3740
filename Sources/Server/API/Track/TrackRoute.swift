import Domain
import EventLog
import Hummingbird
import NIOCore

/// POST /api/v1/track, in steps:
/// 1. find out whose key it is, and whether it may call now (``CallThrottle``), before the body is read where the key stands in the
///    header;
/// 2. take the body in, bounded, and decompress it;
/// 3. read it (`TrackBody`), a large one when it is its account's turn (``LargeCalls``): events that are each valid or say why not;
/// 4. sort the events into units (``Intake``);
/// 5. append them, gathered with those of other calls, and wait until they are durable;
/// 6. answer for each event (``TrackAnswer``).
struct TrackRoute: Sendable {
  let keys: KeyDirectory
  /// Nil where nobody is throttled.
  let throttle: CallThrottle?
  let shards: ShardMap
  /// One per shard, at its number.
  let gatherers: [Gatherer]
  let clock: any WallClock
  let large = LargeCalls()

  func respond(to request: Request, context: RecountContext) async throws -> Response {
    let payload = RequestPayload(request)
    var entry: Entry?
    if let key = try request.bearerKey { entry = try await enter(key, payload) }
    let sent = try await payload.sent()
    if let early = entry, payload.announcedBytes == nil {
      // What was not announced is taken now, but for the byte that was taken to see whether there are any.
      entry?.allowance = try await take(CallCost(requests: 0, bytes: sent.readableBytes - 1), early.grant)
    }
    let now = clock.milliseconds
    let weight = payload.weight(of: sent)
    let body = try await large.take(bytes: weight, of: entry?.grant.source.accountID) {
      try payload.decompressed(sent)
        .withUnsafeBytes { (bytes) throws(TrackBodyError) in try TrackBody.decode(bytes, now: now) }
    }
    let (grant, allowance) =
      if let entry { entry } else { try await enter(body.apiKey, bytes: sent.readableBytes) }
    let (intake, units) = try await large.take(bytes: weight, of: grant.source.accountID) {
      let intake = Intake(body, source: grant.source, now: now)
      return (intake, intake.units.map(AppendUnit.init))
    }
    let outcomes = try await gatherers[shards.shard(of: grant.source.accountID)].submit(units)
    return TrackAnswer(intake, outcomes: outcomes, isSingle: body.isSingle)
      .response(requestID: context.requestID, now: now, allowance: allowance)
  }

  private typealias Entry = (grant: KeyGrant, allowance: CallAllowance?)

  private func enter(_ key: String, _ payload: RequestPayload) async throws -> Entry {
    // What is too long is refused next, unread.
    try await enter(key, bytes: min(payload.announcedBytes ?? 1, payload.limit))
  }

  private func enter(_ key: String?, bytes: Int) async throws -> Entry {
    let grant = try await keys.grant(for: key, scope: .track, now: clock.milliseconds)
    return (grant, try await take(CallCost(requests: 1, bytes: bytes), grant))
  }

  private func take(_ cost: CallCost, _ grant: KeyGrant) async throws -> CallAllowance? {
    let now = clock.milliseconds
    return try await throttle?.take(cost, for: grant.source, at: grant.callRate(at: now), now: now)
  }
}
