import Testing

/// What the environment says of Stripe is looked at before anything else is done.
@Suite struct BillingVerbTests {
  @Test func aValueThatWontDoIsNamedAndNotQuoted() async throws {
    for (key, value) in [
      ("STRIPE_API_KEY", "hunter2"), ("STRIPE_WEBHOOK_SECRETS", "hunter2"),
      ("STRIPE_API_BASE", "http://hunter2.example"), ("STRIPE_TAX", "on"),
    ] {
      let environment = ["STRIPE_API_KEY": "sk_test_51abc"].merging([key: value]) { $1 }
      let program = Program(environment: environment.merging(["DATABASE_URL": "postgres://127.0.0.1:1/none"]) { $1 })
      for verb in [["serve", "--port", "0"], ["billing", "status"]] {
        let result = try await program.run(verb, withErrors: true)
        #expect(result.status != 0)
        #expect(result.output.contains("\(key): found"), "\(verb): \(result.output)")
        #expect(key == "STRIPE_API_BASE" || !result.output.contains("hunter2"))
      }
    }
  }
}
