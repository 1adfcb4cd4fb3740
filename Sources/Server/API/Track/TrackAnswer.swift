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
  private let mode: KeyMode
  /// Duplicates of events of the same call: they say nothing of what is in the log.
  private let repeats: Int

  /// The meter of a month that the call has events of, and how many of these it left no room for.
  private struct Month {
    let name: String
    var meter: MeterReading
    var refused = 0
  }

  init(_ intake: Intake, outcomes: [Outcome], isSingle: Bool) {
    self.isSingle = isSingle
    mode = intake.source.mode
    rejections = intake.rejections
    repeats = rejections.count { $0.outcome == .duplicate }
    duplicates = repeats
    invalid = rejections.count - duplicates
    for (index, outcome) in outcomes.enumerated() {
      add(outcome, of: intake.units[index], places: intake.places[index], outside: intake.outside)
    }
    rejections.sort { $0.place < $1.place }
  }

  private mutating func add(
    _ outcome: Outcome, of unit: TelemetryUnit, places: [Int], outside: [Int: Intake.Rejection.Fault]
  ) {
    accepted += outcome.accepted
    duplicates += outcome.duplicates
    refused += outcome.refused
    note(outcome, month: unit.month)
    guard outcome.accepted < places.count || !unit.outside.isEmpty else { return }
    if outcome.isConflict {
      invalid += places.count + unit.outside.count
      rejections += (places + unit.outside).map { .init(place: $0, outcome: .conflict) }
      return
    }
    let refusedPlaces = outcome.refused == places.count ? places : outcome.refusedOrdinals ?? []
    let duplicatePlaces = duplicatePlaces(outcome, of: unit, places: places)
    let strays = unit.outside.filter { !duplicatePlaces.contains($0) }
    invalid += strays.count
    rejections += refusedPlaces.map { .init(place: $0, outcome: .refused) }
    rejections += duplicatePlaces.map { .init(place: $0, outcome: .duplicate) }
    rejections += strays.map { .init(place: $0, outcome: .invalid, fault: outside[$0]) }
  }

  private mutating func note(_ outcome: Outcome, month: String) {
    guard let meter = outcome.meter else { return }
    let index = months.firstIndex { $0.name == month } ?? months.count
    if index == months.count { months.append(Month(name: month, meter: meter)) }
    // The units of a call are decided in an order of the log's own: the latest reading is the highest.
    if meter.used >= months[index].meter.used { months[index].meter = meter }
    months[index].refused += outcome.refused
  }

  /// The log names ordinals only where outcomes are mixed. For an event with its own id they count within its own unit.
  private func duplicatePlaces(_ outcome: Outcome, of unit: TelemetryUnit, places: [Int]) -> Set<Int> {
    guard outcome.duplicates > 0 else { return [] }
    guard outcome.duplicates < places.count + unit.outside.count, let ordinals = outcome.duplicateOrdinals else {
      return Set(places + unit.outside)
    }
    return Set(ordinals)
  }

  /// 202, or the problem where nothing at all was accepted and the caller should do something about it.
  func response(requestID: String, now: Int64, allowance: CallAllowance?) -> Response {
    var response =
      problem?.response(requestID: requestID)
      ?? Response(
        status: .accepted, headers: [.contentType: "application/json"],
        body: .init(byteBuffer: rejections.isEmpty ? allAccepted : ByteBuffer(bytes: JSONValue.object(members).bytes)))
    addRateLimit(to: &response.headers, at: now, allowance)
    return response
  }

  /// What `members` would be, for nearly every call there is.
  private var allAccepted: ByteBuffer {
    ByteBuffer(string: #"{"accepted":\#(accepted),"duplicates":0,"invalid":0,"refused":0,"results":[]}"#)
  }

  private var members: [String: JSONValue] {
    var members: [String: JSONValue] = [
      "accepted": .integer(accepted), "duplicates": .integer(duplicates), "refused": .integer(refused),
      "invalid": .integer(invalid), "results": .array(rejections.prefix(ServerLimits.results).map { $0.json(mode) }),
    ]
    let omitted = rejections.count - ServerLimits.results
    if omitted > 0 { members["results_omitted"] = .integer(omitted) }
    return members
  }

  private var problem: Problem? {
    guard accepted == 0 else { return nil }
    if let month = months.last(where: { $0.refused > 0 }) { return quotaExceeded(month) }
    guard duplicates == repeats, let first = rejections.first(where: { $0.outcome != .duplicate }) else { return nil }
    if rejections.allSatisfy({ $0.outcome == .conflict }) {
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
        "month": .string(month.name), "used": .integer(used), "limit": .integer(quota),
      ]) { $1 })
  }

  private func invalidEvent(_ first: Intake.Rejection) -> Problem {
    var members = members
    let place = isSingle ? "" : "event \(first.place) of \(rejections.count), none of them valid: "
    guard let fault = first.fault else {
      return Problem(.invalidEvent, place + "its id was recorded before with a different body", members: members)
    }
    members["field"] = fault.field.map { .string($0) }
    members["found"] = .string(fault.found)
    members["allowed"] = .string(fault.allowed)
    members["errors"] = fault.errors
    return Problem(.invalidEvent, place + fault.detail, members: members)
  }

  /// This month's quota, of the key's mode, and the key's rates as policies, and what is left of the quota and of the tighter rate
  /// (draft-ietf-httpapi-ratelimit-headers). Of a call with events of another month only, nothing is known of this one; nor is there
  /// a time after which to send those again.
  private func addRateLimit(to headers: inout HTTPFields, at now: Int64, _ allowance: CallAllowance?) {
    let month = CalendarMonth(milliseconds: now).description
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

extension Intake.Rejection {
  fileprivate func json(_ mode: KeyMode) -> JSONValue {
    var members: [String: JSONValue] = [
      "index": .integer(place), "outcome": .string(outcome.rawValue), "type": .string(Problem.base + kind.rawValue),
      "detail": .string(detail(mode)),
    ]
    members["field"] = fault?.field.map { .string($0) }
    members["errors"] = fault?.errors
    return .object(members)
  }

  private var kind: Problem.Kind {
    switch outcome {
    case .invalid: .invalidEvent
    case .refused: .quotaExceeded
    case .duplicate: .duplicateEvent
    case .conflict: .eventIDConflict
    }
  }

  private func detail(_ mode: KeyMode) -> String {
    switch outcome {
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
  fileprivate var errors: JSONValue? {
    guard !further.isEmpty else { return nil }
    return .array(
      ([self] + further).map { fault in
        var members: [String: JSONValue] = ["found": .string(fault.found), "allowed": .string(fault.allowed)]
        members["field"] = fault.field.map { .string($0) }
        return .object(members)
      })
  }
}
