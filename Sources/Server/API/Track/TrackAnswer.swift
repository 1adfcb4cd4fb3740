import Application
import Domain
import EventLog
import HTTPTypes
import Hummingbird

/// What a track call is told: counts, a reason for each event that was not accepted as far as they are not too many, and what is left of
/// the month.
struct TrackAnswer {
  private(set) var accepted = 0
  private(set) var duplicates = 0
  private(set) var refused = 0
  private(set) var invalid = 0
  private(set) var rejections: [Intake.Rejection]
  private var months: [Month] = []
  private let isSingle: Bool
  private let ignored: [String]
  private let mode: KeyMode
  /// Duplicates of events of the same call: they say nothing of what is in the log.
  private let repeats: Int

  /// The meter of a month that the call has events of, and how many of these it left no room for.
  private struct Month {
    let name: String
    var meter: MeterReading
    var refused = 0
  }

  init(_ intake: Intake, outcomes: [UnitOutcome], isSingle: Bool, ignored: [String] = []) {
    self.isSingle = isSingle
    self.ignored = ignored
    mode = intake.source.mode
    rejections = intake.rejections
    repeats = rejections.count { $0.reason == .duplicate }
    duplicates = repeats
    invalid = rejections.count - duplicates
    // What comes after is of the sender, of which there is nothing to say.
    for (index, outcome) in outcomes.prefix(intake.units.count).enumerated() {
      add(outcome, of: intake.units[index], ordinals: intake.ordinals[index], outside: intake.outside)
    }
    rejections.sort { $0.ordinal < $1.ordinal }
  }

  private mutating func add(
    _ outcome: UnitOutcome, of unit: TelemetryUnit, ordinals: [Int], outside: [Int: Intake.Rejection.Fault]
  ) {
    accepted += outcome.accepted
    duplicates += outcome.duplicates
    refused += outcome.refused
    note(outcome, month: unit.month)
    guard outcome.accepted < ordinals.count || !unit.outside.isEmpty else { return }
    if outcome.isConflict {
      invalid += ordinals.count + unit.outside.count
      rejections += (ordinals + unit.outside).map { .init(ordinal: $0, reason: .conflict) }
      return
    }
    let refusedOrdinals = outcome.refused == ordinals.count ? ordinals : outcome.refusedOrdinals ?? []
    let duplicateOrdinals = duplicateOrdinals(outcome, of: unit, ordinals: ordinals)
    let strays = unit.outside.filter { !duplicateOrdinals.contains($0) }
    invalid += strays.count
    rejections += refusedOrdinals.map { .init(ordinal: $0, reason: .refused) }
    rejections += duplicateOrdinals.map { .init(ordinal: $0, reason: .duplicate) }
    rejections += strays.map { .init(ordinal: $0, reason: .invalid, fault: outside[$0]) }
  }

  private mutating func note(_ outcome: UnitOutcome, month: String) {
    guard let meter = outcome.meter else { return }
    let index = months.firstIndex { $0.name == month } ?? months.count
    if index == months.count { months.append(Month(name: month, meter: meter)) }
    // The units of a call are decided in an order of the log's own: the latest reading is the highest.
    if meter.used >= months[index].meter.used { months[index].meter = meter }
    months[index].refused += outcome.refused
  }

  /// The log names ordinals only where outcomes are mixed. For an event with its own id they count within its own unit.
  private func duplicateOrdinals(_ outcome: UnitOutcome, of unit: TelemetryUnit, ordinals: [Int]) -> Set<Int> {
    guard outcome.duplicates > 0 else { return [] }
    guard outcome.duplicates < ordinals.count + unit.outside.count, let mixed = outcome.duplicateOrdinals else {
      return Set(ordinals + unit.outside)
    }
    return Set(mixed)
  }

  /// 202, or the problem where nothing at all was accepted and the caller should do something about it.
  func response(requestID: String, now: Instant, allowance: CallAllowance?) -> Response {
    var response =
      problem?.response(requestID: requestID)
      ?? Response(
        status: .accepted, headers: [.contentType: "application/json"],
        body: .init(byteBuffer: document))
    addRateLimit(to: &response.headers, at: now, allowance)
    return response
  }

  var document: ByteBuffer {
    // Nearly every call there is is written without a tree of values, as the shape would have it.
    guard rejections.isEmpty, ignored.isEmpty else { return ByteBuffer(bytes: Self.receipt.json(self).bytes) }
    return ByteBuffer(string: #"{"accepted":\#(accepted),"duplicates":0,"invalid":0,"refused":0,"results":[]}"#)
  }

  private var members: [String: JSONValue] { Self.receipt.members(self) }

  private var problem: Problem? {
    guard accepted == 0 else { return nil }
    if let month = months.last(where: { $0.refused > 0 }) { return quotaExceeded(month) }
    guard duplicates == repeats, let first = rejections.first(where: { $0.reason != .duplicate }) else { return nil }
    if rejections.allSatisfy({ $0.reason == .conflict }) {
      return Problem(
        .eventIDConflict,
        "the id was recorded before with a different body: give each event, and each batch, an id of its own",
        members: members)
    }
    return invalidEvent(first)
  }

  private func quotaExceeded(_ month: Month) -> Problem {
    let (used, quota) = (month.meter.used, month.meter.quota)
    return Problem(
      .quotaExceeded,
      "the account has used \(used) of its \(quota) \(mode == .test ? "test " : "")events of \(month.name) (UTC): \(refused) "
        + "refused, nothing recorded; \(mode == .test ? "the test quota is apart from the live one: " : "")"
        + "upgrade the tier, or wait for the next month",
      members: members.merging([
        "month": .string(month.name), "used": .integer(used), "quota": .integer(quota),
      ]) { $1 })
  }

  private func invalidEvent(_ first: Intake.Rejection) -> Problem {
    var members = members
    let which = isSingle ? "" : "event \(first.ordinal) of \(rejections.count), none of them valid: "
    guard let fault = first.fault else {
      return Problem(.invalidEvent, which + "its id was recorded before with a different body", members: members)
    }
    members["field"] = fault.field.map { .string($0) }
    members["found"] = .string(fault.found)
    members["allowed"] = .string(fault.allowed)
    members["errors"] = fault.all.map { .array($0.map(Self.fault.json)) }
    return Problem(.invalidEvent, which + fault.detail, members: members)
  }

  /// This month's quota, of the key's mode, and the key's rates as policies, and what is left of the quota and of the tighter rate
  /// (draft-ietf-httpapi-ratelimit-headers). Of a call with events of another month only, nothing is known of this one; nor is there
  /// a time after which to send those again.
  private func addRateLimit(to headers: inout HTTPFields, at now: Instant, _ allowance: CallAllowance?) {
    let month = CalendarMonth(of: now).description
    guard let meter = months.first(where: { $0.name == month })?.meter else {
      headers[.rateLimitPolicy] = allowance?.policies
      headers[.rateLimit] = allowance?.tightest
      return
    }
    let seconds = CalendarMonth.secondsLeft(at: now)
    let rate = allowance.map { (policies: ", \($0.policies)", left: ", \($0.tightest)") }
    headers[.rateLimitPolicy] = "\"month\";q=\(meter.quota)\(rate?.policies ?? "")"
    headers[.rateLimit] =
      "\"month\";r=\(max(0, meter.quota.subtractingSaturating(meter.used)));t=\(seconds)\(rate?.left ?? "")"
    if months.contains(where: { $0.refused > 0 }), accepted == 0 { headers[.retryAfter] = "\(seconds)" }
  }
}

extension TrackAnswer {
  static let receipt = Shape<TrackAnswer>(
    "Receipt",
    [
      .integer("accepted") { $0.accepted }, .integer("duplicates") { $0.duplicates },
      .integer("refused") { $0.refused },
      .integer("invalid") { $0.invalid },
      Field(
        "results", .array(of: result.schema, atMost: ServerLimits.results),
        note: "The events that were not accepted: the first \(ServerLimits.results) of them."
      ) { .array($0.results.map(result.json)) },
      Field(
        "results_omitted", Schema(["type": "integer", "minimum": 1]),
        note: "How many more there would be in `results`; missing where it has all. The counts are of all.",
        isOptional: true
      ) { $0.omitted > 0 ? .integer($0.omitted) : nil },
      Field(
        "ignored", .array(of: .string, atLeast: 1, atMost: ignoredAtMost),
        note:
          "Names of members that mean nothing here, of the call and all its events: misspelt ones, perhaps. Each once, the first "
          + "\(ignoredAtMost); missing where there are none.", isOptional: true
      ) { $0.ignored.isEmpty ? nil : .array($0.ignored.map { .string($0) }) },
    ])

  private static let ignoredAtMost = TrackLimits.standard.ignoredNames

  private static let result = Shape<Result>([
    .integer("index", "The event's ordinal: its number in `events`, from 0.") { $0.rejection.ordinal },
    Field("outcome", .words(of: Intake.Rejection.Reason.self)) { .string($0.rejection.reason.rawValue) },
    .text("type") { $0.rejection.kind.type }, .text("detail") { $0.rejection.detail($0.mode) },
    .optional("field") { $0.rejection.fault?.field },
    .optionalList(
      "errors", of: fault, "Each fault of an event, where it has more than the one that `field` names."
    ) { $0.rejection.fault?.all },
  ])

  fileprivate static let fault = Shape<Intake.Rejection.Fault>([
    .optional("field") { $0.field }, .text("found") { $0.found }, .text("allowed") { $0.allowed },
  ])

  /// What became of an event that was not accepted, of a key of a mode.
  private struct Result {
    let rejection: Intake.Rejection
    let mode: KeyMode
  }

  private var results: [Result] {
    rejections.prefix(ServerLimits.results).map { Result(rejection: $0, mode: mode) }
  }

  private var omitted: Int { rejections.count - ServerLimits.results }
}

extension Intake.Rejection {
  fileprivate var kind: Problem.Kind {
    switch reason {
    case .invalid: .invalidEvent
    case .refused: .quotaExceeded
    case .duplicate: .duplicateEvent
    case .conflict: .eventIDConflict
    }
  }

  fileprivate func detail(_ mode: KeyMode) -> String {
    switch reason {
    case .invalid: fault?.detail ?? "the event is not valid"
    case .refused: mode == .test ? "the month's test quota is used up" : "the month's quota is used up"
    case .duplicate: "it repeats an event recorded before, or one of this call, whose result holds for both"
    case .conflict: "its id was recorded before with a different body"
    }
  }
}

extension Intake.Rejection.Fault {
  fileprivate var detail: String {
    ([self] + further).map { "\($0.field ?? "event"): found \($0.found), allowed is \($0.allowed)" }
      .joined(separator: "; ")
  }

  /// Each fault by itself, where there is more than the one that the other members tell.
  fileprivate var all: [Self]? { further.isEmpty ? nil : [self] + further }
}
