import Application
import Domain

/// Endpoints that are no longer called, as a page shows them.
struct QuietEndpointsView: Sendable {
  let rows: [Row]
  let note: String
  let others: String?

  struct Row: Sendable {
    let method, template, path, calls: String
  }

  init(_ quiet: QuietEndpoints, _ asked: TrafficAsked) {
    let before = asked.address.narrowed(to: quiet.range)
    rows = quiet.entries.map { endpoint in
      let address = before.filtered(.template, endpoint.template).filtered(.method, endpoint.method)
      return Row(
        method: endpoint.method?.shown ?? "", template: endpoint.template?.shown ?? "", path: address.place().path,
        calls: Text.number(endpoint.numbers.calls))
    }
    note =
      "Of the \(QuietEndpoints.among) endpoints called most from \(quiet.range.text(in: asked.calendar)), the \(QuietEndpoints.days) days before this period as far as they are kept: those not called once in it."
    others = quiet.others > 0 ? Text.number(Int64(quiet.others)) : nil
  }
}
