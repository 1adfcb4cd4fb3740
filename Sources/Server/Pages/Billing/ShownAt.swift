import Application
import Domain
import Foundation

/// The moment at which somebody looked, and how far its explanation has been told.
struct ShownAt: Sendable {
  /// Nil while the month runs and none is named.
  let moment: Instant?
  let place: UsagePlace?

  static let pageLength = 100

  /// Throws for what is no time. The field of a form tells days and minutes alone, which are UTC's here.
  init(_ call: PageCall, month: CalendarMonth, now: Instant) throws {
    let end = month.next.start
    guard let text = call.parameter("shown_at") else {
      moment = end <= now ? end : nil
      place = try call.explainPlace
      return
    }
    guard let moment = Instant(ofEra: text) ?? Instant(ofEra: "\(text):00Z") ?? Instant(ofEra: "\(text)Z") else {
      throw ReadParameters(call.request).invalid("shown_at", text, allowed: Instant.allowed)
    }
    self.moment = moment
    place = try call.explainPlace
  }
}

extension PageCall {
  fileprivate var explainPlace: UsagePlace? {
    get throws { try UsageExplainShapes.place.read(ReadParameters(request)) }
  }
}
