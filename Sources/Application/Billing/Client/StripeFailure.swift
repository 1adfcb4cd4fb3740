package struct StripeFailure: Error, Sendable {
  package let status: Int?
  package let code: String?
  package let message: String
  package let requestID: String?
  package let kind: Kind
  package enum Kind: Sendable, Equatable { case away, declined, refused }
}
