import Domain

extension ReceiveStripeEvent {
  /// The customer's stream that an event goes to; nil: it is not ours.
  func stream(of object: StripeObject, _ facts: StripeFacts, in mode: StripeMode) async throws -> StripeStream? {
    let own = try await side.installation()
    if let customer = object.customer ?? (object.kind == "customer" ? object.id : nil) {
      let stream = StripeStream(customer, in: mode)
      if object.installation == own { return stream }
      if try await book.customer(stream).accountID != nil { return stream }
      // What a payment's object says is nothing of ours: its customer's does.
      guard object.installation == nil, object.kind != "customer", object.kind != "subscription" else { return nil }
      return try await isOurs(customer, own) ? stream : nil
    }
    return try await stream(ofPayment: object, facts, own, in: mode)
  }

  /// A dispute, a refund, an invoice's payment name no customer. What they are about may be known; else Stripe is asked, and as long as it can't
  /// be, the delivery is not answered.
  private func stream(
    ofPayment object: StripeObject, _ facts: StripeFacts, _ own: String, in mode: StripeMode
  ) async throws -> StripeStream? {
    let places = facts.places
    let known = try await BillingCustomers(log: book.log).stream(ofAny: places.map(\.id), in: mode)
    if let known { return known }
    for place in places {
      do {
        let answer = try await client.get(place.path)
        guard let customer = answer["customer"].id else { continue }
        let stream = StripeStream(customer, in: mode)
        if try await book.customer(stream).accountID != nil { return stream }
        return try await isOurs(customer, own) ? stream : nil
      } catch let failure as StripeFailure where failure.isMissing {}
    }
    return nil
  }

  private func isOurs(_ customer: String, _ own: String) async throws -> Bool {
    do {
      let answer = try await client.get("/v1/customers/\(customer.pathSegment)")
      return answer["metadata"]["recount_installation"].string == own
    } catch let failure as StripeFailure where failure.isMissing { return false }
  }
}

extension StripeFacts {
  /// The objects that lead from a payment to its customer, and where Stripe has them.
  fileprivate var places: [(id: String, path: String)] {
    let payments = [payment?.paymentIntent, refund?.paymentIntent, dispute?.paymentIntent, warning?.paymentIntent]
    let charges = [payment?.charge, refund?.charge, dispute?.charge, warning?.charge]
    return [payment?.invoice].compactMap { $0 }.map { ($0, "/v1/invoices/\($0.pathSegment)") }
      + charges.compactMap { $0 }.map { ($0, "/v1/charges/\($0.pathSegment)") }
      + payments.compactMap { $0 }.map { ($0, "/v1/payment_intents/\($0.pathSegment)") }
  }
}

extension String {
  /// An id as it may stand in a path: what came from outside must lead nowhere else.
  var pathSegment: String {
    String(
      unicodeScalars.filter {
        $0.isASCII && ($0.properties.isAlphabetic || $0.properties.numericType != nil || $0 == "_")
      })
  }
}
