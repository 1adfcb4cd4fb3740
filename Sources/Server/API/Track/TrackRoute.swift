import Application
import Domain
import EventLog
import Hummingbird
import NIOCore

/// POST /api/v1/track, in steps:
/// 1. find out whose key it is, and whether it may call now (``CallThrottle``), before the body is taken in where the key stands in the
///    header. A body without one there is taken as far as any: such bodies have a part of the memory (`ServerLimits`) and, until their
///    key is known, their client's turn;
/// 2. take the body in, bounded, and decompress it;
/// 3. read it (`TrackBody`), a large one when it is its account's turn (``LargeCalls``): events that are each valid or say why not,
///    and the key where it stands there, which must be that of the header where both have one;
/// 4. sort the events into units (``Intake``), beside them the sender, where the call names one;
/// 5. look the key up again where that was long ago, append them, gathered with those of other calls, and wait until they are durable;
///    where there is nothing to append, tally it;
/// 6. answer for each event (``TrackAnswer``).
struct TrackRoute: Sendable {
  let keys: KeyDirectory
  /// Nil where nobody is throttled.
  let throttle: CallThrottle?
  let shards: ShardMap
  /// One per shard, at its number.
  let gatherers: [Gatherer]
  let tallies: IntakeTallies
  let clock: any WallClock
  let large = LargeCalls()

  func add(to operations: inout Operations) { operations.add(.track, respond) }

  private func respond(_ call: Call) async throws -> Response {
    let request = call.request
    let payload = RequestPayload(request)
    var entry: Entry?
    if let key = try request.bearerKey { entry = try await enter(key, payload) }
    let sent = try await payload.sent()
    if let early = entry, payload.announcedBytes == nil {
      // What was not announced is taken now, but for the byte that was taken to see whether there are any.
      entry?.allowance = try await take(CallCost(requests: 0, bytes: sent.readableBytes - 1), early.grant)
    }
    let now = clock.now
    let weight = payload.weight(of: sent)
    let sender = entry.map { LargeCalls.Sender.account($0.grant.source.accountID) }
    let (body, work) = try await large.take(
      bytes: weight, of: sender ?? .stranger(ClientConnection.current?.address)
    ) { work in
      let body = try payload.decompressed(sent, work: &work)
        .withUnsafeBytes { (bytes) throws(TrackBodyError) in try TrackBody.decode(bytes, now: now) }
      return (body, work)
    }
    let key = try Self.key(inHeader: request.bearerKey, inBody: body.apiKey)
    let entered = if let entry { entry } else { try await enter(key, bytes: sent.readableBytes) }
    let source = entered.grant.source
    let (intake, units) = try await large.take(bytes: work, of: .account(source.accountID)) {
      let intake = Intake(body, source: source, now: now)
      return (intake, intake.appendUnits())
    }
    let outcomes = try await append(units, of: source, try await admission(key, since: entered.at))
    return TrackAnswer(intake, outcomes: outcomes, isSingle: body.isSingle, ignored: body.ignored)
      .response(requestID: call.context.requestID, now: now, allowance: entered.allowance)
  }

  /// Where two places hold keys they must be the same: which of two projects was meant, nobody can know.
  private static func key(inHeader header: String?, inBody body: String?) throws(Problem) -> String? {
    guard let header, let body, header != body else { return header ?? body }
    throw Problem(
      .invalidParameter,
      "the Authorization header and the body's api_key hold different keys: send one of them; nothing was recorded",
      members: [
        "field": .string(TrackField.apiKey.name), "found": "another key than in the Authorization header",
        "allowed": "the key in the Authorization header or in api_key, or the same in both",
      ])
  }

  /// What a key opens, when that was looked up, and what it may still call.
  private typealias Entry = (grant: KeyGrant, at: Instant, allowance: CallAllowance?)

  private func enter(_ key: String, _ payload: RequestPayload) async throws -> Entry {
    // What is too long is refused next, unread.
    try await enter(key, bytes: min(payload.announcedBytes ?? 1, payload.limit))
  }

  private func enter(_ key: String?, bytes: Int) async throws -> Entry {
    let now = clock.now
    let grant = try await keys.grant(for: key, scope: .track, now: now)
    return (grant, now, try await take(CallCost(requests: 1, bytes: bytes), grant))
  }

  /// What a key admits, looked up once more where the body was long on its way or waited long for its turns, and again where it waits
  /// long for the append: the key may have been revoked meanwhile.
  private func admission(_ key: String?, since then: Instant) async throws -> Gatherer.Admission {
    let look = { @Sendable [keys, clock] in
      _ = try await keys.grant(for: key, scope: .track, now: clock.now)
    }
    let age = clock.now - then
    // A clock that was put back says nothing of how long ago it was.
    let isFresh = (.zero..<Self.freshness).contains(age)
    if !isFresh { try await look() }
    return Gatherer.Admission(holding: isFresh ? Self.freshness - age : Self.freshness, renew: look)
  }

  private func take(_ cost: CallCost, _ grant: KeyGrant) async throws -> CallAllowance? {
    let now = clock.now
    return try await throttle?.take(cost, for: grant.source, at: grant.callRate(at: now), now: now)
  }

  private func append(
    _ units: [AppendUnit], of source: TelemetrySource, _ admission: Gatherer.Admission
  ) async throws -> [UnitOutcome] {
    if let outcomes = tallies.settle(units) { return outcomes }
    return try await gatherers[shards.shard(of: source.accountID)].submit(units, admission: admission)
  }

  /// How long a look at a key holds.
  private static let freshness = Duration.milliseconds(500)
}
