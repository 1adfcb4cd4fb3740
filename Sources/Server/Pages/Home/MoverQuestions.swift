import Application
import Domain
import Foundation

/// Asks for what changed as the API answers it: endpoints with what they are compared with.
struct MoverQuestions: Sendable {
  let questions: Questions
  let account: UUID
  let today, other: Range<Instant>

  /// Of one project; none where the day that it is compared with is no longer kept.
  func entries(of project: ProjectTraffic) async throws -> [Movers.Entry] {
    async let called = endpoints(of: project, today, against: other)
    async let were = endpoints(of: project, other, against: today)
    let now = try await called.compactMap { entry(project, $0, isOther: false) }
    let known = Set(now.map { [$0.method, $0.template] })
    let before = try await were.compactMap { entry(project, $0, isOther: true) }
    return now + before.filter { !known.contains([$0.method, $0.template]) }
  }

  private func endpoints(
    of project: ProjectTraffic, _ range: Range<Instant>, against other: Range<Instant>
  ) async throws -> [EndpointTraffic] {
    let span = TrafficSpan(project: project.id, of: account, mode: .live, range: range)
    let answer = try await questions.endpoints(
      span, TrafficTerms(comparedWith: .span(other)), limit: Movers.endpoints)
    // Of a day that is no longer kept whole, another span was counted.
    return answer.range ?? range == range ? answer.value.entries : []
  }

  /// Nil of all that have no row of their own, and where it can't be told what it is compared with.
  private func entry(_ project: ProjectTraffic, _ endpoint: EndpointTraffic, isOther: Bool) -> Movers.Entry? {
    guard let method = endpoint.method, let template = endpoint.template,
      let counterpart = endpoint.counterpart?.numbers
    else { return nil }
    let (own, beside) = (Movers.Counts(endpoint.numbers), Movers.Counts(counterpart))
    return Movers.Entry(
      project: project, method: method, template: template, now: isOther ? beside : own, before: isOther ? own : beside)
  }
}
