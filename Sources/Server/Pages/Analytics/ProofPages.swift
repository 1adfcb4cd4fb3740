import Application
import Domain
import Foundation
import Hummingbird

/// What makes a figure: where each leads that asks why.
struct ProofPages: Sendable {
  let site: Site

  func add(to pages: inout PageRoutes) { pages.get("/projects/{project_id}/explain", for: .people, explain) }

  private func explain(_ call: PageCall) async throws -> PageAnswer {
    let asked = try await TrafficAsked(call, site)
    let parameters = ReadParameters(call.request)
    let figure = try parameters.word("figure", Figure.self) ?? .calls
    if let place = try Self.known(asked, figure) { return .seeOther(place) }
    if let place = try TrafficAddress.canonical(call, asked.project.id, .explain, of: call.person()) {
      return .seeOther(place)
    }
    let knownAt = try parameters.time("known_at")
    let place = asked.apiPlace("explain", [("known_at", knownAt?.description)])
    let found = try await site.numbers.explain.traffic(of: asked.span, asked.apiCall(.explainTraffic, place))
    if try parameters.word("format", NumbersFile.Format.self) == .json {
      return .file(TrafficExplainShapes.explanation.json(found).text, type: "application/json", name: nil)
    }
    let view = ProofView(
      found, figure: figure, summary: try await site.numbers.summary(asked), ledger: try await ledger(asked), asked,
      address: site.address, api: place.path)
    return .page("analytics/explain", title: "\(figure.label) of \(asked.project.name)", view, in: .projects)
  }

  /// Where the form for a day leads that was sent: what was known at its end, or now where that is to come.
  private static func known(_ asked: TrafficAsked, _ figure: Figure) throws -> Place? {
    let parameters = ReadParameters(asked.call.request)
    guard let text = try parameters.text("known_on") else { return nil }
    guard let day = asked.calendar.day(text) else {
      throw parameters.invalid("known_on", text, allowed: "a day such as 2026-10-25")
    }
    let moment = min(day.upperBound, asked.now)
    return asked.address.place(.explain, [("figure", figure.rawValue), ("known_at", moment.description)])
  }

  /// By hours of receipt, or by whole days where hours are no longer kept.
  private func ledger(_ asked: TrafficAsked) async throws -> SpanAnswer<IntakeSeries> {
    func intake(_ grain: IntakeGrain) async throws -> SpanAnswer<IntakeSeries> {
      let place = asked.apiPlace("intake", [("interval", grain.rawValue)])
      return try await site.numbers.read.intake(of: asked.span, asked.apiCall(.intake, place))
    }
    let hours = try await intake(.hour)
    guard let detail = hours.answered.detailFrom, detail > asked.range.lowerBound else { return hours }
    return try await intake(.day)
  }
}
