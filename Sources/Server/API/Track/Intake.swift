import Crypto
import Domain
import EventLog
import Foundation

/// One track call on its way into the log: its events sorted into units, and the answer put together from their outcomes.
///
/// A unit is one calendar month of one call, or one event that has its own id. A call without any event to append still is
/// one unit: its invalid events are tallied (`IntakeTallies`), so that received = accepted + duplicate + refused + invalid.
///
/// Events outside the acceptance window stand under the month of receipt: they are never charged, an id is looked up without its
/// month, and a client could else make up months, each of which would be tallied apart. So a key has three months at most.
struct Intake {
  let source: TelemetrySource
  private let sender: TrackSender?
  /// The month of receipt.
  private let thisMonth: String
  private(set) var units: [TelemetryUnit] = []
  /// The events outside the acceptance window, by ordinal: invalid unless the log knows them.
  private(set) var outside: [Int: Rejection.Fault] = [:]
  /// For each unit the ordinals of its events.
  private(set) var ordinals: [[Int]] = []
  /// What was decided before the log was asked, by ordinal.
  private(set) var rejections: [Rejection] = []
  let count: Int
  /// Of `rejections`, those outside the acceptance window.
  private var strayed = 0

  /// An event that isn't accepted, and why.
  struct Rejection {
    /// What an answer calls its `index`.
    let ordinal: Int
    let reason: Reason
    /// What is wrong with it, of an invalid event.
    var fault: Fault?

    struct Fault {
      let field: String?
      let found: String
      let allowed: String
      /// What else is wrong with it.
      var further: [Fault] = []
    }

    /// What an answer calls its `outcome`.
    enum Reason: String, CaseIterable {
      case duplicate, refused, invalid, conflict
    }
  }

  init(_ body: TrackBody, source: TelemetrySource, now: Instant) {
    self.source = source
    sender = body.sender
    thisMonth = CalendarMonth(of: now).description
    count = body.events.count
    if let batchID = body.batchID {
      gather(body.events, identity: .batch(batchID, digest: Self.digest(body.events)))
    } else {
      let identified = body.events.filter { $0.request?.eventID != nil }
      gather(body.events.filter { $0.request?.eventID == nil }, identity: nil)
      add(identified)
    }
    tallyInvalid()
  }

  /// What goes into the log: the units in their order and then, where the call names its sender, that it came. That is appended also where
  /// nothing else is, or what the log says of the sender's gaps would be wrong.
  func appendUnits() -> [AppendUnit] {
    let telemetry = units.map(AppendUnit.init)
    guard let sender else { return telemetry }
    return telemetry + [AppendUnit(sender, of: source, events: count)]
  }

  /// Events that share an identity, or have none: one unit per calendar month.
  private mutating func gather(_ events: [TrackedEvent], identity: TelemetryUnit.Identity?) {
    var byMonth: [String: Int] = [:]
    for event in events {
      guard let request = event.request else {
        reject(event)
        continue
      }
      // Without an id nobody can say whether it had been accepted when it was in time.
      if identity == nil, event.isOutside {
        reject(event)
        continue
      }
      let month = month(of: event, request)
      let index = byMonth[month] ?? open(month, identity: identity)
      byMonth[month] = index
      append(event, request, to: index)
    }
    for index in byMonth.values { units[index].ordinals = Self.stored(ordinals[index]) }
  }

  private mutating func add(_ events: [TrackedEvent]) {
    var seen: [UUID: Int64] = [:]
    for event in events {
      guard let request = event.request, let id = request.eventID else { continue }
      let digest = Self.digest([event])
      if let first = seen[id] {
        rejections.append(Rejection(ordinal: event.ordinal, reason: first == digest ? .duplicate : .conflict))
        continue
      }
      seen[id] = digest
      append(event, request, to: open(month(of: event, request), identity: .event(id, digest: digest)))
    }
  }

  private func month(of event: TrackedEvent, _ request: TrackedRequest) -> String {
    event.isOutside ? thisMonth : request.month
  }

  private mutating func open(_ month: String, identity: TelemetryUnit.Identity?) -> Int {
    var unit = TelemetryUnit(source: source, month: month)
    unit.identity = identity
    units.append(unit)
    ordinals.append([])
    return units.count - 1
  }

  private mutating func append(_ event: TrackedEvent, _ request: TrackedRequest, to index: Int) {
    if event.isOutside {
      // The log decides: it may have been accepted while it was in time, then it is a duplicate.
      units[index].outside.append(event.ordinal)
      outside[event.ordinal] = event.fault
      return
    }
    if units[index].count > 0 { units[index].data.append(UInt8(ascii: ",")) }
    request.encode(into: &units[index].data)
    units[index].count += 1
    ordinals[index].append(event.ordinal)
  }

  private mutating func reject(_ event: TrackedEvent) {
    if event.isOutside { strayed += 1 }
    rejections.append(Rejection(ordinal: event.ordinal, reason: .invalid, fault: event.fault))
  }

  private mutating func tallyInvalid() {
    guard !rejections.isEmpty else { return }
    let (invalid, conflicting) = (
      rejections.count { $0.reason == .invalid }, rejections.count { $0.reason == .conflict }
    )
    let index = units.isEmpty ? open(thisMonth, identity: nil) : 0
    units[index].malformed = invalid - strayed
    units[index].strayed = strayed
    units[index].conflicting = conflicting
    units[index].repeated = rejections.count - invalid - conflicting
  }

  /// Nil where every event stands at its own index, which is the common case and costs nothing to store.
  private static func stored(_ ordinals: [Int]) -> [Int]? {
    ordinals.elementsEqual(0..<ordinals.count) ? nil : ordinals
  }

  /// What a retry must have in common with the original: the first eight bytes of SHA-256 over the events.
  private static func digest(_ events: [TrackedEvent]) -> Int64 {
    var input: [UInt8] = []
    for event in events { event.appendDigestInput(to: &input) }
    return SHA256.hash(data: input).prefix(8).reduce(Int64(0)) { $0 << 8 | Int64($1) }
  }
}

extension TrackedEvent {
  /// The request, where it could be read.
  var request: TrackedRequest? {
    switch validity {
    case .valid(let request), .outsideWindow(let request, _): request
    case .invalid: nil
    }
  }

  var isOutside: Bool {
    if case .outsideWindow = validity { true } else { false }
  }

  /// Why it can't be accepted, as far as that is known without the log.
  var fault: Intake.Rejection.Fault? {
    switch validity {
    case .valid: nil
    case .invalid(let problem): Intake.Rejection.Fault(problem)
    case .outsideWindow(_, let miss):
      Intake.Rejection.Fault(
        field: TrackField.timestamp.name, found: miss.description, allowed: AcceptanceWindow.standard.allowed)
    }
  }
}

extension Intake.Rejection.Fault {
  init(_ problem: FieldProblem) {
    self.init(
      field: problem.field?.name, found: problem.found, allowed: problem.allowed,
      further: problem.further.map(Self.init))
  }
}
