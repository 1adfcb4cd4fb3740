import Domain

extension BillingSetup {
  /// Stripe shows an endpoint's secret only when it is made: one whose secret is not here is made anew.
  func endpoint(_ publicURL: String) async throws -> String {
    let url = "\(publicURL)/webhooks/stripe"
    guard publicURL.hasPrefix("https:") || desk.client.settings.base.hasPrefix("http:") else {
      return
        "none: \(publicURL) can't be reached from outside, so events are read once an hour; set RECOUNT_PUBLIC_URL to an https address"
    }
    let own = try await desk.side.installation()
    let path = "/v1/webhook_endpoints"
    for found in try await desk.client.get(path, ["limit": "100"])["data"].elements {
      guard let id = found.id, found["url"].string == url, found["metadata"]["recount_installation"].string == own
      else { continue }
      let isOfVersion = found["api_version"].string == StripeClient.version
      if isOfVersion, try await desk.side.hasSecret(ofEndpoint: id) {
        _ = try await desk.client.post("\(path)/\(id.pathSegment)", events, key: nil)
        return "\(url), \(id)"
      }
      _ = try await desk.client.delete("\(path)/\(id.pathSegment)")
    }
    var form = try await desk.side.metadata() + events
    form.add("url", url)
    form.add("api_version", StripeClient.version)
    let made = try await desk.client.post(path, form, key: nil)
    guard let secret = made["secret"].string, let id = made["id"].string else {
      throw StripeFailure(
        status: nil, message: "an endpoint was made whose secret was not shown", requestID: made.requestID)
    }
    try await desk.side.keep(endpointSecret: secret, of: id)
    return "\(url), \(id), made now"
  }

  private var events: StripeForm {
    var form: StripeForm = [:]
    for (index, type) in StripeEventTypes.all.enumerated() { form.add("enabled_events[\(index)]", type) }
    return form
  }
}
